"""Why rounds say no."""

from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T

ROUND_OPEN = RefusalKind(
    "round-already-open",
    T("第 {number} 轮还没有关闭,不能再开一轮。请先关闭它。",
      "Round {number} is still open here; another cannot be opened. Close it first."),
)
BEING_OPENED = RefusalKind(
    "round-being-opened",
    T("另一个人正在开轮,没有改动。请过一分钟再看。",
      "Somebody else is opening a round right now; nothing was changed. Look again in a minute."),
)
ROUND_NUMBER_USED = RefusalKind(
    "round-number-used",
    T("第 {number} 轮已经有了。请用下一个轮次号。", "There is a round {number} already. Use the next number."),
)
NOBODY_LISTED = RefusalKind(
    "nobody-listed",
    T("底册里这个区域没有人,没有开轮。请先导入底册,或核对区域。",
      "The register has nobody in this area; no round was opened. Import the register or check the area."),
)
NOBODY_IN_SCOPE = RefusalKind(
    "nobody-in-scope",
    T("“{scope}”现在一栋楼也没有,没有开轮。请核对分区。",
      "No building is in '{scope}' now; no round was opened. Check the zones."),
)
NO_SITE = RefusalKind(
    "no-site",
    T("还没有采样点,没有开轮。请先登记采样点。",
      "There is no sampling site; no round was opened. Enter the sites first."),
)
UNKNOWN_SITE = RefusalKind(
    "unknown-site",
    T("没有采样点“{site}”。请核对编号。", "There is no sampling site '{site}'. Check the code."),
)
SITE_CODE = RefusalKind(
    "site-code-unreadable",
    T("采样点编号“{site}”不能用,没有登记。请用 1–40 个字母、数字、短横线或下划线。",
      "The site code '{site}' cannot be used; nothing was entered. Use 1 to 40 letters, digits, hyphens or underscores."),
)
SITE_NAME = RefusalKind(
    "site-without-name",
    T("采样点 {site} 没有名称,没有登记。请写名称。", "Site {site} has no name; nothing was entered. Write one."),
)
SITE_PLACE = RefusalKind(
    "site-off-the-map",
    T("采样点 {site} 的经纬度 {lon} {lat} 不在地球上,没有登记。请先写经度,再写纬度。",
      "Longitude and latitude {lon} {lat} of site {site} are not on Earth; nothing was entered. Longitude comes first."),
)
SITE_BENCHES = RefusalKind(
    "site-benches-unreadable",
    T("采样点 {site} 的台位数 {benches} 不对,没有登记。请写 1 到 200,停用写 0。",
      "Site {site} cannot have {benches} benches; nothing was entered. Write 1 to 200, or 0 to close it."),
)
UNKNOWN_AREA = RefusalKind(
    "unknown-area",
    T("没有区域“{area}”。请核对编号。", "There is no area '{area}'. Check the code."),
)
NO_GRID = RefusalKind(
    "building-without-grid",
    T("楼栋 {buildings} 有人居住,但不属于任何网格,没有开轮。请先把楼栋划入网格。",
      "People are listed in {buildings}, which no grid holds; no round was opened. Put the building into a grid."),
)
BUILDING_ENDED = RefusalKind(
    "building-ended",
    T("楼栋 {buildings} 已停用,底册里却还有人,没有开轮。请先更正底册。",
      "{buildings} has ended but people are still registered there; no round was opened. Correct the register."),
)
NO_OWNER = RefusalKind(
    "building-without-owner",
    T("楼栋 {buildings} 没有责任岗位,没有开轮。请先让网格岗位有人负责。",
      "Nobody answers for {buildings}; no round was opened. Fill the grid's post first."),
)
DUE_PAST = RefusalKind(
    "due-before-now",
    T("截止时间不能早于现在。没有改动。", "The deadline cannot lie before now. Nothing was changed."),
)
NOT_OPEN = RefusalKind(
    "round-not-open",
    T("这一轮已经结束,没有改动。", "This round has ended; nothing was changed."),
)
FOLLOW_UP_UNCLEAR = RefusalKind(
    "follow-up-unclear",
    T(
        "交后续跟进要写明由谁怎么跟、何时之前(晚于现在)。轮次没有关闭。",
        "A follow-up needs words (who does what) and a deadline after now. The round was not closed.",
    ),
)
PEOPLE_UNACCOUNTED = RefusalKind(
    "people-unaccounted",
    T("还有 {n} 人没有结果,不能关闭:{who}。请先采样,或逐人作出决定。",
      "{n} people are without an end, so it cannot close: {who}. Sample them or decide each."),
)
EVENTS_OUTSTANDING = RefusalKind(
    "events-outstanding",
    T("还有 {n} 条手机记录没有收到({where})。请等手机上传,或由专人写明理由宣告丢失。",
      "{n} events from phones are outstanding ({where}). Let the phones send them, or declare them lost with a reason."),
)
EVENTS_QUARANTINED = RefusalKind(
    "events-quarantined",
    T("还有 {n} 条记录待处理(无法入账),不能关闭。请先处理。",
      "{n} events are set aside and undecided, so it cannot close. Settle them first."),
)
TUBES_OPEN = RefusalKind(
    "tubes-open",
    T("还有 {n} 支采样管没有封管({tubes})。请先封管或作废。",
      "{n} tubes are not sealed ({tubes}). Seal or void them first."),
)
NOT_LISTED = RefusalKind(
    "not-on-list",
    T("此人不在本轮名单上,没有改动。请先“补录漏人”。",
      "This person is not on the round's list; nothing was changed. Record a found person first."),
)
ALREADY_SAMPLED = RefusalKind(
    "already-sampled",
    T("此人本轮已经采样,没有改动。", "This person has been sampled in this round; nothing was changed."),
)
NOT_DECIDED = RefusalKind(
    "not-decided",
    T("此人没有已作出的决定,没有改动。", "Nothing has been decided for this person; nothing was changed."),
)
UNKNOWN_REASON = RefusalKind(
    "unknown-reason",
    T("方案里没有“{reason}”这个豁免理由,没有改动。",
      "The plan has no reason '{reason}' for excusing; nothing was changed."),
)
NOTE_MISSING = RefusalKind(
    "note-missing",
    T("这个理由要写明依据(看到的材料或说明)。没有改动。",
      "This reason needs a note: what was seen or said. Nothing was changed."),
)
TOO_FEW_ATTEMPTS = RefusalKind(
    "too-few-attempts",
    T("才联系过 {attempts} 次,满 {needed} 次才能以拒检结案。没有改动。",
      "Tried {attempts} times; a refusal closes only after {needed}. Nothing was changed."),
)
UNKNOWN_RESULT = RefusalKind(
    "unknown-result",
    T("没有这种联系结果。没有改动。", "There is no such result of an attempt. Nothing was changed."),
)
UNKNOWN_TUBE = RefusalKind(
    "unknown-tube",
    T("采样管 {tube} 还没有启用。开管记录到达后会自动入账。",
      "Tube {tube} has not been opened. It is counted as soon as the opening arrives."),
)
TUBE_TAKEN = RefusalKind(
    "tube-taken",
    T("采样管 {tube} 已经用过。请换一支新管。", "Tube {tube} has been used already. Take a new one."),
)
OTHER_ROUND = RefusalKind(
    "tube-of-another-round",
    T("采样管 {tube} 属于另一轮。请换一支新管,并重新采样。",
      "Tube {tube} belongs to another round. Take a new one and swab again."),
)
TUBE_SEALED = RefusalKind(
    "tube-sealed",
    T("采样管 {tube} 已经封管。请换一支新管。", "Tube {tube} is sealed. Take a new one."),
)
TUBE_VOID = RefusalKind(
    "tube-void",
    T("采样管 {tube} 已经作废。请换一支新管,并重新采样。", "Tube {tube} is void. Take a new one and swab again."),
)
UNKNOWN_ROUND = RefusalKind(
    "unknown-round",
    T("没有这一轮。请刷新手机上的轮次。", "There is no such round. Refresh the round on the phone."),
)
UNKNOWN_PERSON = RefusalKind(
    "unknown-person",
    T("底册里没有这个人。请先“补录漏人”。", "The register does not know this person. Record a found person first."),
)
SEVERAL_PERSONS = RefusalKind(
    "several-persons",
    T("这扇门后有几个人尾号相同,分不清是谁。请扫身份证或输入全号。",
      "Several people behind this door have these last digits. Scan the id or type all of it."),
)
UNKNOWN_SCAN = RefusalKind(
    "unknown-scan",
    T("要撤回的采样还没有收到。收到后会自动撤回。",
      "The scan to take back has not arrived. It is taken back as soon as it does."),
)
NOBODY_CHOSEN = RefusalKind(
    "nobody-chosen", T("没有选中任何人。没有改动,请先勾选。", "Nobody is chosen. Nothing was changed; tick people first."),
)
NOBODY_OWES = RefusalKind(
    "nobody-owes",
    T("选中的人都已办结,没有楼栋要转派。没有改动。",
      "Everybody chosen has an end; there is no building to give on. Nothing was changed."),
)
OVER_CAP = RefusalKind(
    "over-cap",
    T("{post}现有 {people} 人,每人每班最多 {cap} 户;加上这些共 {doors} 户,走不完。没有转派;请派给别的岗位,或先给它加人。",
      "{post} has {people} people and each can work {cap} doors a shift; with these it would owe {doors}. Nothing was given on;"
      " choose another post, or send it more people first."),
)
TOO_MANY_CHOSEN = RefusalKind(
    "too-many-chosen",
    T("一次最多 {most} 人,选了 {n} 人。没有改动,请分几次。",
      "At most {most} people at a time; {n} are chosen. Nothing was changed; do it in parts."),
)
ALREADY_UNDONE = RefusalKind(
    "already-undone",
    T("已经撤回过,没有改动。", "This was taken back already; nothing was changed."),
)
UNKNOWN_ATTEMPT = RefusalKind(
    "unknown-attempt",
    T("要撤回的联系记录还没有收到。收到后会自动撤回。",
      "The attempt to take back has not arrived. It is taken back as soon as it does."),
)
NOT_YOUR_ATTEMPT = RefusalKind(
    "not-your-attempt",
    T("只有记下这次联系的人可以撤回,没有改动。需要更正时,请在此人的页面上再记一次。",
      "Only who wrote this attempt down can take it back; nothing was changed. To correct it, record another one."),
)
REFUSAL_RESTS_ON_IT = RefusalKind(
    "refusal-rests-on-it",
    T("此人已以拒检结案,联系记录是依据,没有撤回。请先收回结案的决定。",
      "The entry is closed as refused on the strength of its attempts; none was taken back. Reopen the entry first."),
)
NOT_IN_ROUND = RefusalKind(
    "building-not-in-round",
    T("楼栋 {building} 不在本轮范围内。", "Building {building} is not part of this round."),
)
NOT_THIS_PROOF = RefusalKind(
    "not-this-proof",
    T(
        "本轮以采样管为准,不能只记结果。没有改动,请登记管号。",
        "In this round a swab in a tube counts; an outcome alone does not. Nothing was changed; enter the tube.",
    ),
)
NO_TUBES = RefusalKind(
    "no-tubes",
    T(
        "本轮不用采样管。没有改动,请在此人页面上登记结果。",
        "This round has no tubes. Nothing was changed; record the outcome on the person's page.",
    ),
)
UNKNOWN_OUTCOME = RefusalKind(
    "unknown-outcome",
    T("预案里没有结果“{outcome}”。没有改动。", "The plan knows no outcome '{outcome}'. Nothing was changed."),
)
