"""Names of people, places and wares in the languages whose files come in old encodings.

Each is a cell of a short column, as exports have them. The words are others than the specimens from
which the readers learn (longshore.readers.specimens), so a hit is no memory.
"""

# The names of each language, and the encodings in which its people save them.
NAMES: dict[str, tuple[str, tuple[str, ...]]] = {
    "German": (
        "Bürostuhl|Süßkartoffel 2 kg|Kaffeemühle|Gästetuch grün|Förster|Größe 42|Kürbiskernöl|"
        "Häkelnadel|Spülbürste|Gemüsehobel|Weißwein trocken|Fußmatte|Schönfeld|Wäscheklammern|"
        "Tönnies|Lösch|Bierkrüge|Möhren|Düsentrieb|Ränder|Zöpfe|Äste|Übertopf|Öljacke|Brüder Grimm",
        ("cp1252", "cp1250", "iso8859-15", "mac-roman"),
    ),
    "French": (
        "Théière émaillée|Rideau doublé|Crème fraîche|Poêle à frire|Étui à lunettes|Bérénice|"
        "Fenêtre PVC|Dégraissant|Épicerie fine|Noémie Béchet|Château Margaux|Pâtisserie|Mélange|"
        "Cuillère à café|Sécateur|Réveil|Tête de lit|Fromage râpé|Châtaigne|Désodorisant|"
        "Collier doré|Fève de cacao|Lumière|Çatal|Hélène Roç",
        ("cp1252", "iso8859-15", "mac-roman"),
    ),
    "Spanish": (
        "Pañuelo rojo|Muñeca de trapo|Sartén antiadherente|Colección otoño|Jabón líquido|Estaño|"
        "Íñigo Ordóñez|Castañas|Cañón|Leña seca|Mantón|Ración|Zapatón|Árbol|Túnica|Pizarrón|"
        "Peluquería|Reñones|Avión|Música|Cortauñas|Buñuelos|Ñandú|Caña de azúcar|Bañador",
        ("cp1252", "iso8859-15", "mac-roman"),
    ),
    "Portuguese": (
        "Tênis de lona|Calça jeans|Edredão|Macarrão|Sebastião|Relógio|Melão|Garrafão|Cartão|Aviões|"
        "Lã merino|Violão|Chapéu|Câmera|Pulmão|Criança|Doação|Botão|Leão|Pássaro|Órgão|Caçarola|"
        "Maçaneta|Bênção|Pinhão",
        ("cp1252", "iso8859-15", "mac-roman"),
    ),
    "Polish": (
        "Wałek do ciasta|Mączka|Jaśmin Gąsior|Zażółć|Śrubokręt|Krążek|Gęś|Źrebię|Ławka|Spódnica|"
        "Żyrandol|Skrzynka drewniana duża|Młotek|Kącik|Bączek|Ćwikła|Mydło|Dzięcioł|Ręka|Święto|"
        "Bęben|Łokieć|Paździerz|Różaniec|Żuraw",
        ("cp1250",),
    ),
    "Czech": (
        "Hřeben|Květináč|Šroubovák|Mýdlo|Povlečení|Ořechy|Žehlička|Knoflík|Truhlář|Bačkory|Řepa|"
        "Kočárek|Měkký|Polštář|Džbán|Čepice|Střecha|Nůžky|Vařečka|Zubní kartáček|Dřevo|Růže|Kříž|"
        "Mřížka|Škoda",
        ("cp1250",),
    ),
    "Hungarian": (
        "Csőfogó|Fűnyíró|Törölköző|Szűrő|Lepedő|Fűrész|Tetőfedő|Ernyő|Bölcső|Kőris|Vödör|Sütőforma|"
        "Rőfös|Gyűjtő|Menyegző|Kefír|Lőrinc|Esernyő|Fűszál|Csűr|Mentőöv|Tőr|Lőcs|Bűvész|Sűrű",
        ("cp1250",),
    ),
    "Romanian": (
        "Scaun pliabil din pânză groasă|Mănuşi|Ceşcuţă|Brăţară|Cămaşă|Găină|Pălărie|Covor lână|"
        "Ţăruş|Fotoliu|Băţ|Împletit|Ploşniţă|Oţet|Muşeţel|Cireşe|Rucsac şcolar|Piaţă|Viţel|Şofer|"
        "Grădină|Ghiveci ceramică|Lămâie|Creaţă|Dulceaţă",
        ("cp1250",),
    ),
    "Russian": (
        "Кастрюля|Полка настенная|Зеркало|Абажур|Светильник|Мыло хозяйственное|Блокнот|Гвозди|"
        "Жаровня|Пылесос|Ёлка|Щипцы|Этажерка|Фартук|Лебедев|Хрусталь|Цветы|Обувь|Якорь|Ящик|Тула|"
        "Карандаш|Варежки|ЧАЙНИК|Дрель",
        ("cp1251", "koi8-r"),
    ),
    "Ukrainian": (
        "Каструля|Дзеркало|Їдальня|Світильник|Мило|Цвяхи|Пилосос|Ялинка|Щипці|Полиця|Взуття|Якір|"
        "Скриня|Ніж|Глечик|Черевики|Олівець|Єнот|Вареники|Одяг|Сукня|Тернопіль|Гаманець|Сіль|Борщ",
        ("cp1251",),
    ),
    "Bulgarian": (
        "Тенджера|Огледало|Свещник|Сапун|Пирони|Прахосмукачка|Ръкавици|Щипка|Етажерка|Престилка|"
        "Цвете|Обувки|Котва|Сандък|Молив|Зъболекар|Бормашина|Кърпичка|Тиган|Гърне|Дъска|Съд|Пъпеш|"
        "Лимон|Ютия",
        ("cp1251",),
    ),
    "Japanese": (
        "湯呑み茶碗|歯ブラシ|せっけん|やかん|まくらカバー|折りたたみ傘|グラス二個組|フライパン|タオル|"
        "洗濯ばさみ|ソファー|ボールペン黒|ポット|ノート五冊|長谷川|鉛筆|おもちゃ|表札|静岡|カーテン|"
        "やきもの|ハサミ|ロープ|予備電池|ナイフ",
        ("cp932",),
    ),
    "Chinese, simplified": (
        "保温杯|洗发水|折叠雨伞|圆珠笔|牙刷|毛巾|台灯|沙发|窗帘|枕头|书包|镜子|螺丝刀|电饭煲|茶壶|"
        "肥皂|剪刀|联想|笔记本|围巾|手套|拖鞋|蜡烛|玩具熊|欧阳修",
        ("gb18030",),
    ),
    "Chinese, traditional": (
        "保溫杯|洗髮精|摺疊雨傘|原子筆|牙刷|毛巾|檯燈|沙發|窗簾|枕頭|書包|鏡子|螺絲起子|電鍋|茶壺|"
        "肥皂|剪刀|聯想|筆記本|圍巾|手套|拖鞋|蠟燭|玩具熊|歐陽脩",
        ("big5",),
    ),
    "euro signs": (
        "Preis 12 €|5,50 €|€ 3|Gutschein 50 €|ab 7 €|Kaffee 2 €|9 € netto|Menü 8 €|Prix 4 €|"
        "Café 1 €|Größe 3 €|Käse 2 €/kg|1.234 €|Œuvre 90 €|Cœur 5 €|Œufs bio 7 €|Vœux 2 €|"
        "Bœuf 12 €|3 € / Stück|0,99 €|Thé 3 €|Açaí 9 €|Señal 10 €|Fête 2 €|45 €",
        ("cp1252", "iso8859-15", "mac-roman"),
    ),
    "typographic quotes": (
        "„Hafen“ Becher|l’été|Maison d’Été|“Best” mug|Rock ’n’ Roll|Kids’ cup|Tom’s bag|„blau“|"
        "Becher – groß|S – XL|Nr. 5 – neu|“Big” bowl|it’s|„Krüge“|Can’t Stop…|L’œuvre|“A”|„Ü“|"
        "d’Ávila|O’Neill – Sörf|Acme™ glue|Lego® box|20 °C|½ l Glas|Nº 5",
        ("cp1252", "mac-roman"),
    ),
}


def names(language: str) -> list[str]:
    """The names of a language, 25 of them."""
    return NAMES[language][0].split("|")


def cases() -> list[tuple[str, str]]:
    """All pairs of a language and an encoding that its people have."""
    return [(language, codec) for language, (_, codecs) in NAMES.items() for codec in codecs]


def columns(language: str, codec: str, length: int) -> list[bytes]:
    """CSV files of two columns with so many names each, one file for each name to begin with.

    Names that the encoding cannot write are left out, and files without a byte beyond ASCII.
    """
    texts = [name for name in names(language) if _can_write(name, codec)]
    files = []
    for start in range(len(texts)):
        chosen = [texts[(start + step * 7) % len(texts)] for step in range(length)]
        rows = "".join(f"A{number},{name}\n" for number, name in enumerate(chosen, 1))
        data = f"code,name\n{rows}".encode(codec)
        if not data.isascii():
            files.append(data)
    return files


def _can_write(name: str, codec: str) -> bool:
    try:
        name.encode(codec)
    except UnicodeEncodeError:
        return False
    return True
