"""What news briefs say no to."""

from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T

WORDS_MISSING = RefusalKind(
    "brief-words-missing", T("标题和正文都要写。没有保存。", "Write a title and a text. Nothing was saved."),
)
UNKNOWN_NAME = RefusalKind(
    "brief-unknown-name",
    T("正文里的 {name} 不是数字名,也不是存过的引语或图片。没有保存。",
      "{name} in the text is no figure and no stored quote or picture. Nothing was saved."),
)
TYPED_NUMBER = RefusalKind(
    "brief-typed-number",
    T("数字 {number} 是直接写进正文的。没有保存;请用数字名,读者才看得到截至时间。",
      "The number {number} was typed into the text. Nothing was saved; name a figure, so that readers see its cut-off."),
)
TYPED_QUOTE = RefusalKind(
    "brief-typed-quote",
    T("正文里有引号。没有保存;引语要先存出处和本人同意,再按编号引用。",
      "There are quotation marks in the text. Nothing was saved; store a quote with its source and consent, then name it."),
)
QUOTE_INCOMPLETE = RefusalKind(
    "quote-incomplete",
    T("谁说的、原话、出处、谁同意引用,都要写。没有保存。",
      "Write who said it, the words, where they stand and who agreed. Nothing was saved."),
)
PICTURE_INCOMPLETE = RefusalKind(
    "brief-picture-incomplete",
    T("说明、出处、谁同意公开,都要写,并选一张图片。没有保存。",
      "Write a caption, where the picture comes from and who agreed, and choose a picture. Nothing was saved."),
)
EDITOR_IS_AUTHOR = RefusalKind(
    "editor-is-author",
    T("编辑要由作者以外的人来做。没有提请。", "Somebody other than the author must edit it. It was not proposed."),
)
APPROVER_WROTE_IT = RefusalKind(
    "approver-wrote-it",
    T("您写过或改过这篇简报,不能批准。请第三个人批准。",
      "You wrote or edited this brief and cannot approve it. Ask a third person."),
)
FIGURE_TOO_SMALL = RefusalKind(
    "brief-figure-too-small",
    T("{figure} 现在是 {value},少于 {few} 的数字不对外写。没有提请。",
      "{figure} is {value} now; figures below {few} are not told to the public. It was not proposed."),
)
PUBLISHED_ALREADY = RefusalKind(
    "brief-published",
    T("已经发布,不能再改;可以撤回后另写。", "It is published and cannot change; withdraw it and write another."),
)
NOT_PUBLISHED = RefusalKind("brief-not-out", T("这篇没有发布着。没有改动。", "This brief is not out. Nothing was changed."))
BRIEF_REASON = RefusalKind("reason-missing", T("请写明为什么撤回。没有改动。", "Write why it is withdrawn. Nothing was changed."))
