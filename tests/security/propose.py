"""Print lines for URLs that matrix.toml does not know yet, from what their views declare, to be judged by a person.

    python -m tests.security.propose
"""

import json
import os


def main() -> None:
    """Print the missing lines."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firebreak.settings")
    import django

    django.setup()
    from firebreak.engine.access.roles import ROLES
    from firebreak.surfaces.common.gate import ANY, declaration_of
    from firebreak.urls import urlpatterns
    from tests.security.addresses import addresses, groups, table

    known = table()
    for address in addresses(urlpatterns):
        declared = declaration_of(address.view)
        if address.name in known:
            continue
        if declared is None:
            print(f"# {address.name}: its view declares nothing")
            continue
        parts = []
        for method, right in (("GET", declared.get), ("POST", declared.post)):
            if right == ANY:
                parts.append(f'{method} = "{"everybody" if declared.anonymous else "accounts"}"')
            elif right:
                who = [role.key for role in ROLES if right in role.rights]
                named = [group for group, keys in groups().items() if sorted(keys) == sorted(who)]
                parts.append(f"{method} = {json.dumps(named[0] if named else who)}")
        print(f'"{address.name}" = {{ {", ".join(parts)} }}')


if __name__ == "__main__":
    main()
