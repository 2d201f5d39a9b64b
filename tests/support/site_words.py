"""What the sites of ``site_layouts_held_out`` and ``hard_layouts_held_out`` say beside their articles."""

from __future__ import annotations

from html import escape as e

from cms_articles import Story, Words

LANGUAGES = {
    "Home": "en",
    "Головна": "uk",
    "Portada": "es",
    "Accueil": "fr",
    "Startseite": "de",
    "首页": "zh",
    "मुखपृष्ठ": "hi",
    "ပင်မစာမျက်နှာ": "my",
    "ראשי": "he",
    "الرئيسية": "ar",
}

# Labels: too short, or too common, to be forbidden in a text.
LABELS = {
    "en": {
        "site": "The Meridian Post",
        "name": "Hannah Ostler",
        "date": "14 May 2025, 09:12",
        "ad": "Advertisement",
        "go": "Sign up",
        "facts": "At a glance",
        "live": "Live",
    },
    "uk": {
        "site": "Вісник Регіону",
        "name": "Олена Дячук",
        "date": "14 травня 2025, 09:12",
        "ad": "Реклама",
        "go": "Підписатися",
        "facts": "Довідка",
        "live": "Наживо",
    },
    "es": {
        "site": "El Correo del Sur",
        "name": "Lucía Barrientos",
        "date": "14 de mayo de 2025, 09:12",
        "ad": "Publicidad",
        "go": "Suscribirse",
        "facts": "Claves",
        "live": "En vivo",
    },
    "fr": {
        "site": "Le Courrier du Jour",
        "name": "Maud Lefranc",
        "date": "Publié le 14 mai 2025 à 09h12",
        "ad": "Publicité",
        "go": "S'inscrire",
        "facts": "Repères",
        "live": "En direct",
    },
    "de": {
        "site": "Neue Kreiszeitung",
        "name": "Jana Reuter",
        "date": "14.05.2025, 09:12 Uhr",
        "ad": "Anzeige",
        "go": "Anmelden",
        "facts": "Hintergrund",
        "live": "Liveblog",
    },
    "zh": {
        "site": "晨江新闻网",
        "name": "王晓岚",
        "date": "2025年05月14日 09:12",
        "ad": "广告",
        "go": "订阅",
        "facts": "背景资料",
        "live": "直播",
    },
    "hi": {
        "site": "जनप्रभात",
        "name": "सीमा रावत",
        "date": "14 मई 2025, 09:12 IST",
        "ad": "विज्ञापन",
        "go": "सब्सक्राइब करें",
        "facts": "एक नज़र में",
        "live": "लाइव",
    },
    "my": {
        "site": "ရွှေမြစ်သတင်း",
        "name": "နန်းမြတ်",
        "date": "၁၄ မေ ၂၀၂၅",
        "ad": "ကြော်ငြာ",
        "go": "စာရင်းသွင်းရန်",
        "facts": "နောက်ခံ",
        "live": "တိုက်ရိုက်",
    },
    "he": {
        "site": "חדשות הצפון",
        "name": "נועה ברקאי",
        "date": "14.05.25, 09:12",
        "ad": "פרסומת",
        "go": "הרשמה",
        "facts": "רקע",
        "live": "חי",
    },
    "ar": {
        "site": "صحيفة المدار",
        "name": "سلمى الخطيب",
        "date": "14/5/2025",
        "ad": "إعلان",
        "go": "اشترك",
        "facts": "خلفية",
        "live": "مباشر",
    },
}

# Sentences that are never the article's.
SAID = {
    "en": {
        "appeal": "Our reporting is paid for by readers like you, so if you can, please chip in with as little as $5 a month.",
        "channel": "Follow our WhatsApp channel and download the app so that you never miss an alert.",
        "about": "The Meridian Post is an independent, nonprofit newsroom founded in 1998 and edited in three cities.",
        "correction": "Correction: an earlier version of this article misspelled the name of a street.",
        "cap": "A volunteer hands out blankets at a sports hall. Photograph: T. Marsh/Pool",
        "fact1": "A long-range drone of this class costs about $35,000 and can stay in the air for nine hours.",
        "fact2": "The convention on protecting hospitals was signed by 196 states.",
        "cookie": "We and our 812 partners store information on your device to show personalised ads.",
        "comment2": "Thoughts with everyone there, I could not sleep after watching the videos last night.",
        "editor": "Reporting by our staff; editing by Colin Praed. Write to the news desk at desk@meridianpost.example.",
    },
    "uk": {
        "appeal": "Наша редакція живе завдяки внескам читачів, тож підтримайте нас будь-якою сумою на Патреоні.",
        "channel": "Читайте нас у вайбері та завантажуйте мобільний застосунок, щоб не пропустити тривогу.",
        "about": "Вісник Регіону — незалежне видання, яке з 1998 року розповідає про життя трьох областей.",
        "correction": "Виправлено: у попередній версії матеріалу помилково вказали назву вулиці.",
        "cap": "Волонтерка роздає ковдри у спортзалі школи. Світлина Т. Марченка",
        "fact1": "Дрон такого класу коштує близько тридцяти п'яти тисяч доларів і тримається в повітрі дев'ять годин.",
        "fact2": "Конвенцію про захист лікарень підписали 196 держав.",
        "cookie": "Ми використовуємо файли кукі, щоб сайт працював краще, і ви з цим погоджуєтеся.",
        "comment2": "Тримайтеся, рідненькі, всю ніч не могла заснути після тих відео.",
        "editor": "Якщо ви знайшли помилку, виділіть її мишкою та натисніть Ctrl+Enter.",
    },
    "es": {
        "appeal": "Este periodismo existe gracias a sus lectores: hazte socio desde tres euros al mes y ayúdanos a seguir.",
        "channel": "Sigue nuestro canal de WhatsApp y descarga la aplicación para no perderte ninguna alerta.",
        "about": "El Correo del Sur es un diario independiente fundado en 1998 que se edita en tres ciudades.",
        "correction": "Fe de errores: una versión anterior de esta nota daba mal el nombre de una calle.",
        "cap": "Una voluntaria reparte mantas en un polideportivo. Foto de T. Marín",
        "fact1": "Un dron de este tipo cuesta unos 35.000 dólares y puede volar durante nueve horas.",
        "fact2": "El convenio que protege los hospitales fue firmado por 196 Estados.",
        "cookie": "Nosotros y nuestros socios usamos cookies para mostrarte publicidad personalizada.",
        "comment2": "Mucha fuerza para las familias, anoche no pude dormir después de ver los videos.",
        "editor": "Si encontraste un error en este texto, escribe a la redacción a la dirección lectores@correosur.example.",
    },
    "fr": {
        "appeal": "Notre journal vit du soutien de ses lecteurs : faites un don, même modeste, pour que nous puissions continuer.",
        "channel": "Suivez notre chaîne WhatsApp et téléchargez l'application pour ne manquer aucune alerte.",
        "about": "Le Courrier du Jour est un quotidien indépendant, fondé en 1998 et détenu par ses salariés.",
        "correction": "Rectificatif : une première version de cet article écorchait le nom d'une rue.",
        "cap": "Une bénévole distribue des couvertures dans un gymnase. T. MARTIN / POOL",
        "fact1": "Un appareil de cette catégorie coûte environ 35 000 dollars et peut voler neuf heures.",
        "fact2": "La convention sur la protection des hôpitaux a été signée par 196 États.",
        "cookie": "Avec votre accord, nos partenaires et nous utilisons des cookies pour mesurer l'audience.",
        "comment2": "Courage à eux, je n'ai pas dormi après avoir vu ces vidéos hier soir.",
        "editor": "Une erreur dans cet article ? Signalez-la à la rédaction en cliquant ici.",
    },
    "de": {
        "appeal": "Unabhängiger Journalismus kostet Geld: Unterstützen Sie uns schon ab fünf Euro im Monat.",
        "channel": "Folgen Sie unserem WhatsApp-Kanal und laden Sie die App, damit Ihnen keine Meldung entgeht.",
        "about": "Die Neue Kreiszeitung erscheint seit 1998 in drei Städten und gehört ihren Genossinnen und Genossen.",
        "correction": "Korrekturhinweis: In einer früheren Fassung dieses Artikels war ein Straßenname falsch geschrieben.",
        "cap": "Eine Freiwillige verteilt Decken in einer Turnhalle. Bild: T. Marx/Pool",
        "fact1": "Ein Fluggerät dieser Klasse kostet rund 35.000 Dollar und bleibt neun Stunden in der Luft.",
        "fact2": "Das Abkommen zum Schutz von Krankenhäusern haben 196 Staaten unterzeichnet.",
        "cookie": "Wir und unsere Partner verarbeiten Daten, um Ihnen personalisierte Werbung zu zeigen.",
        "comment2": "Ich wünsche allen dort viel Kraft, nach den Videos konnte ich nicht schlafen.",
        "editor": "Rückfragen richten Sie bitte an die Pressestelle unter der Rufnummer 030 18 000 0.",
    },
    "zh": {
        "appeal": "我们的报道依靠读者支持，如果您愿意，请每月捐助五元帮助我们继续下去。",
        "channel": "扫描二维码关注我们的微信公众号，下载客户端获取更多快讯。",
        "about": "晨江新闻网创办于一九九八年，是一家在三座城市设有编辑部的综合性网站。",
        "correction": "更正：本文此前版本写错了一条街道的名称，特此说明。",
        "cap": "志愿者在体育馆内分发毛毯。马涛 摄",
        "fact1": "这一级别的飞行器单价约三万五千美元，可在空中停留九个小时。",
        "fact2": "共有一百九十六个国家签署了保护医院的公约。",
        "cookie": "本网站使用小型文本文件来改善您的浏览体验，继续浏览即表示同意。",
        "comment2": "看了视频以后一整夜没有睡着，希望大家都平安。",
        "editor": "本文来源为合作媒体，如有侵权请与本网编辑部联系删除。",
    },
    "hi": {
        "appeal": "हमारी पत्रकारिता पाठकों के सहयोग से चलती है, कृपया हर महीने सौ रुपये देकर हमारा साथ दें।",
        "channel": "हमारे व्हाट्सऐप चैनल से जुड़ें और ऐप डाउनलोड करें ताकि कोई अलर्ट न छूटे।",
        "about": "जनप्रभात 1998 में शुरू हुआ स्वतंत्र अख़बार है जो तीन शहरों से प्रकाशित होता है।",
        "correction": "भूल सुधार: इस लेख के पिछले संस्करण में एक सड़क का नाम ग़लत छपा था।",
        "cap": "खेल परिसर में कंबल बाँटती एक स्वयंसेवी। तस्वीर: टी. मरांडी",
        "fact1": "इस श्रेणी के एक ड्रोन की क़ीमत क़रीब पैंतीस हज़ार डॉलर है और वह नौ घंटे उड़ सकता है।",
        "fact2": "अस्पतालों की सुरक्षा की संधि पर 196 देशों ने दस्तख़त किए हैं।",
        "cookie": "यह वेबसाइट बेहतर अनुभव के लिए कुकीज़ का इस्तेमाल करती है।",
        "comment2": "वीडियो देखने के बाद रात भर नींद नहीं आई, सबके लिए प्रार्थना।",
        "editor": "डिसक्लेमर: यह ख़बर न्यूज़ फ़ीड से ली गई है और हमारी टीम ने इसके शीर्षक में बदलाव किया है।",
    },
    "my": {
        "appeal": "ကျွန်ုပ်တို့၏ သတင်းလုပ်ငန်းကို စာဖတ်သူများက ထောက်ပံ့ထားသဖြင့် တတ်နိုင်သလောက် လှူဒါန်းပေးပါ။",
        "channel": "ကျွန်ုပ်တို့၏ တယ်လီဂရမ်ချန်နယ်ကို ဝင်ရောက်ပြီး အက်ပ်ကို ဒေါင်းလုဒ်လုပ်ပါ။",
        "about": "ရွှေမြစ်သတင်းသည် ၁၉၉၈ ခုနှစ်တွင် တည်ထောင်ခဲ့သော လွတ်လပ်သည့် သတင်းဌာန ဖြစ်သည်။",
        "correction": "ပြင်ဆင်ချက် - ယခင်ဖော်ပြချက်တွင် လမ်းအမည် မှားယွင်းခဲ့ပါသည်။",
        "cap": "အားကစားရုံတွင် စောင်ဝေငှနေသော စေတနာ့ဝန်ထမ်း (ဓာတ်ပုံ - တင်မောင်)",
        "fact1": "ဤအမျိုးအစား ဒရုန်းတစ်စင်း၏ တန်ဖိုးမှာ ဒေါ်လာ သုံးသောင်းခွဲခန့် ရှိသည်။",
        "fact2": "ဆေးရုံများ ကာကွယ်ရေး သဘောတူညီချက်ကို နိုင်ငံ ၁၉၆ နိုင်ငံ လက်မှတ်ထိုးထားသည်။",
        "cookie": "ဤဝဘ်ဆိုက်သည် ကွတ်ကီးများကို အသုံးပြုထားပါသည်။",
        "comment2": "ဗီဒီယိုကြည့်ပြီးတော့ တစ်ညလုံး အိပ်မပျော်ဘူး၊ အားလုံး ဘေးကင်းပါစေ။",
        "editor": "အယ်ဒီတာထံ ဆက်သွယ်လိုပါက အီးမေးလ်ဖြင့် ပေးပို့နိုင်ပါသည်။",
    },
    "he": {
        "appeal": "העיתונות שלנו תלויה בתמיכת הקוראים, ואפשר להצטרף אלינו בעשרים שקלים בחודש.",
        "channel": "עקבו אחרינו בערוץ הטלגרם והורידו את האפליקציה כדי לא לפספס אף התרעה.",
        "about": "חדשות הצפון הוא אתר עצמאי שהוקם בשנת 1998 ופועל משלוש ערים.",
        "correction": "תיקון טעות: בגרסה קודמת של הידיעה נכתב בטעות שם אחר של רחוב.",
        "cap": "מתנדבת מחלקת שמיכות באולם הספורט (צילום: ט. מרום)",
        "fact1": "כלי טיס מסוג זה עולה כשלושים וחמישה אלף דולר ויכול לשהות באוויר תשע שעות.",
        "fact2": "על האמנה להגנה על בתי חולים חתמו 196 מדינות.",
        "cookie": "האתר משתמש בעוגיות לצורך התאמת פרסום ושיפור חוויית הגלישה.",
        "comment2": "לא הצלחתי לישון כל הלילה אחרי הסרטונים, שולחת חיבוק לכולם.",
        "editor": "מצאתם טעות בכתבה? כתבו למערכת ונשמח לתקן.",
    },
    "ar": {
        "appeal": "صحافتنا تعيش بدعم قرائها، فساهم معنا ولو بمبلغ بسيط كل شهر.",
        "channel": "تابعوا قناتنا على واتساب وحملوا التطبيق حتى لا يفوتكم أي تنبيه.",
        "about": "صحيفة المدار مؤسسة مستقلة تأسست عام 1998 ولها مكاتب في ثلاث مدن.",
        "correction": "تصحيح: ورد في نسخة سابقة من هذه المادة اسم خاطئ لأحد الشوارع.",
        "cap": "متطوعة توزع البطانيات في صالة رياضية (تصوير ط. مراد)",
        "fact1": "تبلغ كلفة المسيرة من هذا الطراز نحو 35 ألف دولار ويمكنها التحليق تسع ساعات.",
        "fact2": "وقعت 196 دولة على اتفاقية حماية المستشفيات.",
        "cookie": "يستخدم هذا الموقع ملفات تعريف الارتباط لتحسين تجربتك.",
        "comment2": "لم أنم ليلة أمس بعد مشاهدة المقاطع، كان الله في عونهم.",
        "editor": "للتواصل مع غرفة الأخبار يرجى المراسلة عبر نموذج الاتصال في الموقع.",
    },
}  # fmt: skip

FOREIGN: tuple[str, ...] = tuple(line for lines in SAID.values() for line in lines.values())


def words_of(w: Words) -> tuple[str, dict[str, str], dict[str, str]]:
    """Return the language's code, its labels and its sentences, the latter two escaped."""
    code = LANGUAGES[w.home]
    return (
        code,
        {k: e(v, quote=False) for k, v in LABELS[code].items()},
        {k: e(v, quote=False) for k, v in SAID[code].items()},
    )


def html_of(w: Words) -> str:
    code = LANGUAGES[w.home]
    return f'<html lang="{code}" dir="{"rtl" if code in ("ar", "he") else "ltr"}">'


def meta_of(a: Story, site: str) -> str:
    return f"""<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{e(a.title)} - {site}</title><meta name="description" content="{e(a.summary)}">
<meta property="og:type" content="article"><meta property="og:title" content="{e(a.title)}"><meta property="og:description" content="{e(a.summary)}"><meta property="og:image" content="https://cdn.example/i/4411.jpg">"""


def menu_of(w: Words, n: int, li: str = "", link: str = "") -> str:
    return f'<li{li}><a href="/"{link}>{w.home}</a></li>' + "".join(
        f'<li{li}><a href="/rubric/{i}/"{link}>{w.world} {i}</a></li>' for i in range(1, n)
    )


def with_link(p: str, n: int = 0, tag: str = 'a href="/topic/background"') -> str:
    """Return a paragraph with some words of it in an inline element, as editors put links there."""
    words = p.split(" ")
    if len(words) < 8:
        return e(p, quote=False)
    at = 2 + n % (len(words) - 5)
    before, inside, after = (" ".join(words[i:j]) for i, j in ((0, at), (at, at + 2), (at + 2, None)))
    return (
        f"{e(before, quote=False)} <{tag}>{e(inside, quote=False)}</{tag.split()[0]}> {e(after, quote=False)}"
    )


def text_in_tag(text: str) -> str:
    return e(text, quote=False)
