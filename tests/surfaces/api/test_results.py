"""A laboratory's own system sends a FHIR R4B bundle: each row counts or says why not, and only with the laboratory's key."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from fhir.resources.R4B.bundle import Bundle

from firebreak.kernel.refs import Ref
from firebreak.operations.laboratory.actions import new_token
from firebreak.operations.laboratory.models import Delivery, Pool, Result
from tests.support.specimens import TOLD, TUBES, Sampled, sampled
from tests.support.zoned import CHIEF

URL = "/api/v1/results"
WHEN = "2022-06-05T23:00:00+08:00"
NEGATIVE, POSITIVE = "260415000", "10828004"


@pytest.fixture
def line(db: None, clock_at: Callable[[datetime], None]) -> Sampled:
    made = sampled()
    made.delivered()
    clock_at(TOLD)
    return made


@pytest.fixture
def key(line: Sampled) -> str:
    return new_token(laboratory=Ref(line.laboratory.ref), by=CHIEF, at=TOLD)


def bundle(*tubes: tuple[str, str]) -> bytes:
    """As another library writes it: a report, a specimen with people's swabs as parents, an observation for each tube."""
    entries: list[dict[str, Any]] = []
    for number, (tube, concept) in enumerate(tubes, start=1):
        specimen = {
            "resourceType": "Specimen", "id": f"s{number}", "container": [{"identifier": [{"value": tube}]}],
            "parent": [{"reference": f"Specimen/p{number}-{place}"} for place in range(5)],
        }
        seen = {
            "resourceType": "Observation", "id": f"o{number}", "status": "final", "effectiveDateTime": WHEN,
            "code": {"coding": [{"system": "http://loinc.org", "code": "94500-6"}]},
            "valueCodeableConcept": {"coding": [{"system": "http://snomed.info/sct", "code": concept}]},
        }
        report = {
            "resourceType": "DiagnosticReport", "id": f"r{number}", "status": "final",
            "code": {"coding": [{"system": "http://loinc.org", "code": "94500-6"}]},
            "specimen": [{"reference": f"Specimen/s{number}"}], "result": [{"reference": f"Observation/o{number}"}],
        }
        entries += [{"resource": one} for one in (report, specimen, seen)]
    made = Bundle.model_validate({"resourceType": "Bundle", "type": "collection", "entry": entries})
    return made.model_dump_json().encode()


def sent(client: Client, content: bytes, key: str, kind: str = "application/fhir+json") -> Any:
    return client.post(URL, content, content_type=kind, headers={"Authorization": f"Laboratory {key}"})


def test_a_bundle_counts_and_the_answer_says_what_became_of_each_row(line: Sampled, key: str, client: Client) -> None:
    answer = sent(client, bundle((TUBES[0], POSITIVE), (TUBES[1], NEGATIVE), ("XX-1", NEGATIVE)), key)
    told = answer.json()
    assert (answer.status_code, told["rows"], told["accepted"], told["rejected"], told["repeated"]) == (200, 3, 2, 1, 0)
    assert [(one["entry"], one["tube"], one["code"]) for one in told["returned"]] == [(9, "XX-1", "row-unknown-tube")]
    assert dict(Result.objects.values_list("specimen__code", "means")) == {TUBES[0]: "positive", TUBES[1]: "negative"}
    assert Pool.objects.get().people.count() == 5


def test_the_same_bundle_a_thousand_times_is_one_result(line: Sampled, key: str, client: Client) -> None:
    content = bundle((TUBES[0], NEGATIVE))
    answers = [sent(client, content, key).json() for _ in range(3)]
    assert ([one["accepted"] for one in answers], [one["repeated"] for one in answers]) == ([1, 0, 0], [0, 1, 1])
    assert Result.objects.count() == 1


@pytest.mark.parametrize("key_given", ["", "wrong", "Device x"])
def test_without_the_laboratorys_key_nothing_is_read(line: Sampled, key: str, client: Client, key_given: str) -> None:
    assert (sent(client, bundle((TUBES[0], NEGATIVE)), key_given).status_code, Delivery.objects.count()) == (401, 0)


def test_a_new_key_ends_the_one_before(line: Sampled, key: str, client: Client) -> None:
    newer = new_token(laboratory=Ref(line.laboratory.ref), by=CHIEF, at=TOLD)
    content = bundle((TUBES[0], NEGATIVE))
    assert [sent(client, content, one).status_code for one in (key, newer)] == [401, 200]


@pytest.mark.parametrize(("content", "kind", "status", "code"), [
    (b"{", "application/json", 400, "not-a-bundle"), (b"[]", "application/json", 400, "not-a-bundle"),
    (b'{"resourceType": "Patient"}', "application/json", 400, "not-a-bundle"),
    (b'{"resourceType": "Bundle", "entry": []}', "application/json", 400, "delivery-empty"),
    (b'{"resourceType": "Bundle", "entry": [{"resource": 3}]}', "application/json", 400, "not-a-bundle"),
    (b"[" * 100_000, "application/json", 400, "not-a-bundle"), (b"a,b", "text/csv", 415, "wrong-content-type"),
])
def test_what_is_no_bundle_is_refused_in_words_and_keeps_nothing(
    line: Sampled, key: str, client: Client, content: bytes, kind: str, status: int, code: str
) -> None:
    answer = sent(client, content, key, kind)
    told = json.loads(answer.content)
    assert (answer.status_code, told["code"], bool(told["zh"] and told["en"])) == (status, code, True)
    assert Delivery.objects.count() == 0


def test_preliminary_results_and_other_resources_are_left_aside(line: Sampled, key: str, client: Client) -> None:
    document = json.loads(bundle((TUBES[0], NEGATIVE), (TUBES[1], NEGATIVE)))
    document["entry"][2]["resource"]["status"] = "preliminary"
    document["entry"].append({"resource": {"resourceType": "Organization", "name": "x"}})
    assert sent(client, json.dumps(document).encode(), key).json()["rows"] == 1
