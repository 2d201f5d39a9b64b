"""What the sites of the layouts of ``pushed_layouts_held_out`` say beside their articles."""

from __future__ import annotations

from cms_articles import Words

LANGUAGES = {
    "الرئيسية": "ar",
    "ראשי": "he",
    "ပင်မစာမျက်နှာ": "my",
    "मुखपृष्ठ": "hi",
    "Головна": "uk",
    "首页": "zh",
    "Portada": "es",
    "Accueil": "fr",
    "Home": "en",
    "Startseite": "de",
}

OFFERS = {
    "hi": (
        "हमारे व्हाट्सऐप चैनल से जुड़ें और हर बड़ी ख़बर सबसे पहले अपने फ़ोन पर पाएँ।",
        "हमारा ऐप डाउनलोड करें और बिना विज्ञापन के ख़बरें पढ़ें।",
        "यदि आपको हमारी पत्रकारिता पसंद है तो सौ रुपये महीना देकर सदस्य बनें।",
    ),
    "en": (
        "Join our WhatsApp channel and have the day's headlines sent to your phone.",
        "Our app is free to download and works offline, so you can read on the train.",
        "Members read without ads and get the weekend edition for three dollars a month.",
    ),
    "uk": (
        "Ми працюємо завдяки читачам: підтримайте редакцію внеском від п'ятдесяти гривень на місяць.",
        "Станьте учасником нашої спільноти й отримуйте закриту розсилку редакторки щоп'ятниці.",
        "Якщо ви вважаєте нашу роботу важливою, зробіть одноразовий донат будь-якою карткою.",
    ),
    "es": (
        "Este periodismo existe gracias a quienes nos leen: hazte socia o socio desde cinco euros al mes.",
        "Si te ha servido lo que publicamos, ayúdanos con una donación, por pequeña que sea.",
        "Descarga nuestra aplicación y elige los temas de los que quieres recibir avisos.",
    ),
    "fr": (
        "Notre média est sans publicité et sans actionnaire : faites un don, il ouvre droit à une réduction d'impôt.",
        "Abonnez-vous pour un euro le premier mois et lisez tous nos articles en illimité.",
        "Pour nous aider à rester indépendants, rejoignez les douze mille lecteurs qui nous soutiennent.",
    ),
    "de": (
        "Mit unserem Digitalabo lesen Sie alle Artikel vier Wochen lang für einen Euro.",
        "Laden Sie unsere App herunter und lassen Sie sich bei wichtigen Meldungen benachrichtigen.",
        "Werden Sie Mitglied und sichern Sie mit Ihrem Beitrag unabhängigen Journalismus in der Region.",
    ),
    "zh": (
        "下载本站手机客户端，随时随地查看最新消息。",
        "成为会员，每月仅需十五元，即可阅读全部深度报道。",
        "扫描二维码关注我们的公众号，与编辑一起讨论。",
    ),
    "he": (
        "הורידו את האפליקציה שלנו וקבלו התראות בזמן אמת ישירות לטלפון.",
        "מנויים קוראים ללא פרסומות ונהנים מגיליון סוף השבוע במחיר מיוחד.",
        "אם העבודה שלנו חשובה לכם, תמכו בנו בתרומה חודשית קטנה.",
    ),
}

ABOUT = {
    "my": (
        "ကျွန်ုပ်တို့သည် ၂၀၁၁ ခုနှစ်တွင် တည်ထောင်ခဲ့သော လွတ်လပ်သည့် သတင်းဌာန ဖြစ်ပါသည်။",
        "ကျွန်ုပ်တို့ သတင်းဌာနသည် မည်သည့်ပါတီ၊ မည်သည့်အဖွဲ့အစည်းကိုမျှ ကိုယ်စားမပြုပါ။",
    ),
    "ar": (
        "نحن وكالة أنباء مستقلة تأسست عام 2009 وتصدر نشرتها بثلاث لغات من ستة مكاتب في المنطقة.",
        "تلتزم الوكالة بميثاق الشرف الصحفي ولا تتلقى تمويلا من أي حزب أو حكومة.",
    ),
    "en": (
        "We are an independent, non-profit newsroom that has covered the region since 2003 with reporters in nine countries.",
        "Our work is funded by foundations and readers, none of whom has a say in what we publish.",
        "You may republish this page free of charge under a Creative Commons licence, provided you link to the original.",
    ),
    "he": (
        "אנחנו אתר חדשות מקומי ועצמאי שפועל מאז 2008 ומגיע מדי חודש למאתיים אלף קוראים.",
        "האתר חבר במועצת העיתונות ופועל לפי תקנון האתיקה שלה.",
        "פניות למערכת אפשר לשלוח בכל שעות היממה בדואר האלקטרוני.",
    ),
    "hi": (
        "हमारा संस्थान 1998 से हिन्दी में निष्पक्ष पत्रकारिता कर रहा है और इसके संवाददाता बारह राज्यों में हैं।",
        "यह पोर्टल किसी राजनीतिक दल या कारोबारी घराने से जुड़ा नहीं है।",
        "अपनी शिकायत या सुझाव आप हमारे संपादकीय कार्यालय को लिखकर भेज सकते हैं।",
    ),
    "zh": (
        "本网成立于二〇〇四年，是一家面向海外华人的综合性新闻门户网站。",
        "本站所刊载的内容仅代表作者个人观点，不代表本站立场。",
        "如发现版权问题，请在三十日内与本站编辑部联系。",
    ),
    "es": (
        "Somos un medio digital independiente fundado en 2012 por periodistas de seis países.",
        "Los contenidos de este portal pueden reproducirse siempre que se cite la fuente.",
        "Nuestra redacción se rige por un código de ética que cualquiera puede consultar.",
    ),
    "de": (
        "Wir sind eine unabhängige Onlinezeitung, die seit 1999 aus Mittel- und Osteuropa berichtet.",
        "Unsere Redaktion arbeitet nach den Regeln des Presserats und legt ihre Geldgeber offen.",
        "Hinweise auf Fehler nimmt die Redaktion jederzeit gern entgegen.",
    ),
}

CAPTIONS = {
    "es": (
        "Una mujer observa desde su balcón el trabajo de los bomberos. REUTERS",
        "Velas encendidas en la plaza mayor durante la vigilia. AP",
        "Vista aérea del barrio tomada el miércoles. GETTY",
    ),
    "ar": (
        "طفلة تنظر من نافذة منزل متضرر (رويترز)",
        "متطوعون يوزعون المياه على الأهالي (الفرنسية)",
        "صورة جوية للحي التقطت يوم الأربعاء (الأناضول)",
    ),
    "zh": (
        "居民在街边等候领取饮用水。新华社记者摄",
        "一名儿童站在受损的房屋前。视觉中国供图",
        "航拍画面中的城区街道。资料照片",
    ),
    "fr": (
        "Une femme devant sa maison, mercredi. Photo Reuters",
        "Des bénévoles distribuent de l'eau aux familles. Photo MSF",
        "Vue aérienne du quartier, prise jeudi. Photo Maxar",
    ),
}

FOREIGN: tuple[str, ...] = tuple(
    line for lines in (*OFFERS.values(), *ABOUT.values(), *CAPTIONS.values()) for line in lines
)


def lang_of(w: Words) -> str:
    return LANGUAGES[w.home]


def html_of(w: Words, more: str = "") -> str:
    direction = ' dir="rtl"' if lang_of(w) in ("ar", "he") else ""
    return f'<!DOCTYPE html>\n<html lang="{lang_of(w)}"{direction}{more}>'


def pieces(text: str) -> tuple[str, str, str]:
    """Cut a paragraph in three, at spaces where there are any; the pieces joined are the paragraph."""
    cuts = []
    for share in (3, 2):
        at = text.find(" ", len(text) // share)
        cuts.append(at + 1 if at > 0 else len(text) // share)
    first, second = cuts[0], max(cuts)
    return text[:first], text[first:second].rstrip(" "), text[len(text[:second].rstrip(" ")) :]


def in_script(text: str) -> str:
    """Escape as Next.js does, so that no tag is in a script."""
    return (
        text.replace("&", "\\u0026")
        .replace(">", "\\u003e")
        .replace("<", "\\u003c")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )
