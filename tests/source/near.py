"""One story as several papers print it, and other stories of the same days, in four languages.

Made up for the tests, but for the article of the demo.
"""

from collections.abc import Mapping
from importlib.resources import files

ARTICLE = files("incidents.demo").joinpath("data", "article.md").read_text("utf-8")

RUSSIAN = """Полиция задержала около двадцати нефтяников в Жанаозене

Сотрудники ОМОНа задержали в воскресенье утром около двадцати бывших работников нефтяной компании,
которые вышли на площадь перед зданием администрации. По словам жены одного из задержанных, мужчин
посадили в автобусы без номеров и увезли в неизвестном направлении. «Мне никто не говорит, где мой
муж, – сказала она. – Мы искали его в больнице и в отделении полиции, но его фамилии нет в
списках». Представитель областного департамента внутренних дел подтвердил, что «несколько человек
доставлены для выяснения обстоятельств», однако отказался назвать их число. В магазинах города
третий день нет хлеба и молока, мобильная связь не работает с пятницы. Жители опасаются выходить на
улицу после наступления темноты: по ночам в жилых кварталах слышны выстрелы.
"""
OTHER_RUSSIAN = """Министр посетил Жанаозен и обещал расследование

Министр внутренних дел прибыл в воскресенье в Жанаозен, где встретился с жителями города и осмотрел
сгоревшие здания. Он заявил журналистам, что полиция открыла огонь только после того, как толпа
начала бросать камни и бутылки с зажигательной смесью. «Приказа стрелять никто не отдавал», –
сказал министр. По его словам, будет создана комиссия, в которую войдут депутаты и представители
общественных организаций. Представитель областного департамента внутренних дел подтвердил, что
«несколько человек доставлены для выяснения обстоятельств». Работу магазинов власти обещают
восстановить до конца недели, а пострадавшим выплатить компенсации из областного бюджета.
"""
ARABIC = """الشرطة تعتقل نحو عشرين عاملا في مدينة النفط

اعتقلت قوات مكافحة الشغب صباح يوم الأحد نحو عشرين عاملا سابقا في شركة النفط كانوا قد خرجوا إلى
الساحة أمام مبنى البلدية. وقالت زوجة أحد المعتقلين إن الرجال وضعوا في حافلات لا تحمل لوحات ونقلوا
إلى جهة مجهولة. وأضافت: "لا أحد يخبرني أين زوجي، لقد بحثنا عنه في المستشفى وفي مركز الشرطة ولكن
اسمه غير موجود في القوائم". وأكد متحدث باسم إدارة الشؤون الداخلية في الإقليم أن عددا من الأشخاص
نقلوا للتحقق من الظروف، لكنه رفض ذكر عددهم. ولا يوجد خبز ولا حليب في متاجر المدينة منذ ثلاثة أيام،
كما أن الاتصالات مقطوعة منذ يوم الجمعة. ويخشى السكان الخروج بعد حلول الظلام لأن إطلاق النار يسمع
ليلا في الأحياء السكنية.
"""
CHINESE = """警方在石油城拘留约二十名工人

星期日早晨，防暴警察在市政府大楼前的广场上拘留了大约二十名石油公司的前雇员。其中一名被拘留者的妻子说，
这些男子被押上没有牌照的大巴，被带往不明地点。她说：“没有人告诉我丈夫在哪里，我们去医院和派出所找过他，
可是名单上没有他的名字。”州内务局的一名发言人证实，有几个人被带去了解情况，但拒绝透露人数。
城里的商店已经三天没有面包和牛奶，手机信号从星期五起就中断了。居民害怕天黑以后出门，因为夜里居民区经常传来枪声。
当地医院的医生表示，他们接收了十几名受枪伤的伤员，其中两人伤势严重，药品已经不够用。
"""
OTHER_CHINESE = """内务部长视察石油城并承诺调查

内务部长星期日抵达石油城，会见了居民，并查看了被烧毁的建筑物。他对记者说，警方是在人群投掷石块和燃烧瓶之后才开枪的。
部长说：“没有人下达过开枪的命令。”他表示将成立一个委员会，成员包括议员和社会团体的代表。
州内务局的一名发言人证实，有几个人被带去了解情况。当局承诺在周末之前恢复商店营业，并由州预算向受害者支付赔偿。
"""
# The same days and places, the same minister, words of the same interview: another story.
OTHER_ARTICLE = """Minister denies order to shoot in oil town

Kazakhstan's interior minister has denied that anyone ordered police to open fire on striking oil
workers in Janaozen, as the authorities said that at least fourteen people had died in the clashes.
In an interview, Kalmuhambet Kasymov said police were initially equipped with non-lethal weapons,
but later on the situation escalated. "No one gave the order," the minister said. Opposition
politicians in Almaty called for an independent inquiry and asked why ambulances had been held back
on the road from Aktau. Human rights groups say relatives are still looking for men who were taken
from their homes after the curfew began, and that lawyers were turned away at the gates of the
police station. A state of emergency is in force until January 5. Telephone lines to the town were
restored on Monday evening, residents reached by our correspondent said, although shops remained
shut and flour was being handed out from lorries in front of the town hall. The president dismissed
the governor of the region and the heads of two state companies, and promised that strikers who had
been laid off in the summer would be given work. Oil output was not affected, a spokesman for the
company said.
"""


def _retyped(text: str) -> str:
    """By another desk: its own quotes and dashes, lines broken elsewhere."""
    signs = {"“": '"', "”": '"', "’": "'", "–": "-", "«": "“", "»": "”", "ё": "е"}
    for before, after in signs.items():
        text = text.replace(before, after)
    return "\n".join(" ".join(part.split()) for part in text.split("\n\n"))


def _headlined(text: str, headline: str, agency: str) -> str:
    body = text.strip().split("\n", 1)[1]
    return f"{headline}\n\n{agency}\n{body}\n\n{agency} © 2011"


def _cut(text: str) -> str:
    """Without a paragraph in the middle, or without the last sentences of one."""
    parts = text.strip().split("\n\n")
    if len(parts) > 4:
        return "\n\n".join(parts[: len(parts) // 2] + parts[len(parts) // 2 + 2 :])
    return text[: len(text) * 5 // 6]


def _every_so_often(text: str, every: int, word: str) -> str:
    """A sub-editor's other word here and there."""
    words = text.split(" ")
    words[every::every] = [word] * len(words[every::every])
    return " ".join(words)


def _edits(text: str, headline: str, agency: str, word: str) -> Mapping[str, str]:
    return {
        "retyped": _retyped(text),
        "another headline and an agency line": _headlined(text, headline, agency),
        "a paragraph cut": _cut(text),
        "all of these": _cut(_headlined(_retyped(text), headline, agency)),
        "a word in thirty is another": _every_so_often(text, 30, word),
    }


# Original → what was made of it, by how.
COPIES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "English": (ARTICLE, _edits(ARTICLE, "Fear stalks oil town", "REUTERS, Almaty", "reportedly")),
    "Russian": (RUSSIAN, _edits(RUSSIAN, "В Жанаозене пропадают люди", "Интерфакс", "якобы")),
    "Arabic": (ARABIC, _edits(ARABIC, "اختفاء رجال في مدينة النفط", "وكالة الأنباء", "تقريبا")),
    "Chinese": (
        CHINESE,
        {
            "another headline and an agency line": _headlined(
                CHINESE, "石油城有人失踪", "新华社阿拉木图电"
            ),
            "a paragraph cut": _cut(CHINESE),
            "some words are others": CHINESE.replace("大约", "约").replace("星期", "礼拜"),
        },
    ),
}
OTHERS: Mapping[str, tuple[str, str]] = {
    "English": (ARTICLE, OTHER_ARTICLE),
    "Russian": (RUSSIAN, OTHER_RUSSIAN),
    "Chinese": (CHINESE, OTHER_CHINESE),
    "Russian and English": (RUSSIAN, ARTICLE),
}
