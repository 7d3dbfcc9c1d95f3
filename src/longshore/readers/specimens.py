"""Words in which languages show their special letters: the likelihood of texts is learnt from them.

First names, family names, places, and words of shops. It matters that each special letter stands
between the letters that it usually stands between, not that a list is complete. Lines of the tests'
corpus are other words, so that a measurement measures something.
"""

# Each language by its ISO 639 code; words in small letters, separated by blanks.
LATIN_WEST = {
    "de": """
        müller schröder jäger krüger schäfer weiß groß größe straße preußen köln münchen düsseldorf
        nürnberg österreich zürich württemberg thüringen göttingen lübeck würzburg saarbrücken
        jürgen günther jörg björn käthe bärbel sören götz hänsel löwe böhm bäcker schlüssel tür
        stühle kühlschrank möbel gewürz käse brötchen müsli öl grün weiße blau gläser löffel
        schüssel töpfe körbe gürtel hüte strümpfe wäsche kräuter früchte äpfel für über süß maß fuß
        spaß schön hübsch natürlich verfügbar länge höhe stärke menge stück außen innen heiß gießen
        bürste schürze händler verkäufer lösung zubehör geräte ähnlich übung
        """,
    "fr": """
        françois hélène andré jérôme béatrice frédéric rené noël zoé chloé stéphane léa cécile
        benoît gaël daphné josé lefèvre bérenger lemaître français française orléans besançon
        angoulême nîmes béziers saint-étienne rhône île-de-france côte créteil mâcon évreux châlons
        crème brûlée pâté thé café hôtel fenêtre forêt bûche gâteau pêche mûre théière bouilloire
        été hiver où là déjà très après à près voilà façon leçon garçon reçu ça goût août écharpe
        vêtement bébé numéro qualité électrique équipement élégant éclair état réf clé chaîne boîte
        maïs cœur œuf bœuf sœur œuvre modèle matière pièce légère crêpe étagère désolé détail dépôt
        début démo mémoire sécurité génie tête même bête arrêt prêt intérêt bâton câble grâce
        château île dîner août coût sûr naïf deuxième chèque frère chèvre règle
        """,
    "es": """
        muñoz núñez peña ibáñez garcía martínez rodríguez lópez pérez sánchez gonzález fernández
        gómez jiménez hernández díaz álvarez ramírez suárez josé maría jesús andrés sofía raúl
        españa málaga cádiz león córdoba logroño a coruña mérida ávila jaén almería bogotá méxico
        niño niña año piña señor señora pequeño tamaño diseño baño otoño caña montaña mañana camión
        jamón jabón algodón cinturón botón cojín pantalón edición información número artículo
        teléfono código básico eléctrico plástico cámara lámpara sábana máquina fácil azúcar café
        té está más aquí envío batería sillón cajón champú ratón vajilla compañía
        """,
    "pt": """
        joão gonçalves guimarães magalhães araújo conceição simões antónio antônio luís inês josé
        fátima cláudia mário sérgio andré assunção falcão são paulo brasília goiânia maranhão ceará
        paraná pará coimbra évora setúbal bragança açores pão mão maçã limão feijão coração irmão
        avó avô pêssego café chá três você mês português não são então atenção promoção coleção
        edição estação informação produção peças cabeça calção lençol açúcar açaí cação poção
        almofadões botões balões cartões balcão fogão algodão sabão colchão camião avião número
        código preço é até será é série elétrico básico lâmpada tâmara ânimo ângulo vê têm fêmea
        pêra lã irmã rã sã romã alemã hortelã avelã tênue sênior gênero crê bebê bambolê ténis
        fábrica óculos vidraça praça caça poço laço braço
        """,
    "it": """
        niccolò nicolò andrè però perché così più già città libertà università qualità novità caffè
        tè tiramisù ragù menù è c'è lunedì martedì venerdì virtù gioventù papà società forlì cefalù
        mondovì cantù dell'età attività quantità disponibilità unità pubblicità felicità
        """,
    "nordic": """
        åse bjørn øyvind jørgen søren åge håkan göran björn åsa märta gösta sjöberg lindström
        bergström sjögren ångström århus ålborg tromsø bodø ålesund malmö göteborg västerås örebro
        växjö helsingør københavn næstved hämeenlinna jyväskylä seinäjoki kähkönen hämäläinen
        virtanen mäkinen nieminen hyvää päivää äiti työ yö sänky pöytä kärry rød grøn blå sort hvid
        rød grønn blå smørrebrød kød fløde kjøtt ærter øl hånd bånd fåre nål stol bord skål gryde
        køkken kjøkken håndklæde tæppe lås nøgle gå få på når år må også små grön röd blå svart vit
        kött smör bröd mjölk äpple ägg öl kök hög låg tvål tråd väska hårt nyårs största flöjt färg
        storlek tröja klänning byxor stövlar lampör pålægg æble ære þór guðrún sigurður björk
        ísland jón ólafur reykjavík þorsteinn ágúst kristín
        """,
}

LATIN_CENTRAL = {
    "pl": """
        wałęsa michał paweł łukasz rafał stanisław bogusław jarosław żaneta elżbieta małgorzata
        józef grażyna bożena błażej wiśniewski wójcik kowalczyk dąbrowski zieliński kozłowski
        wróbel jabłoński król pawłowski piątek łódź kraków wrocław poznań gdańsk białystok toruń
        częstochowa rzeszów świdnica łomża bielsko-biała zielona góra warszawa śląsk żółty zielony
        biały różowy książka źródło krzesło stół łóżko półka żelazko świeca ręcznik kołdra poduszka
        mąka śmietana masło jabłko gruszka śliwka cebula pieprz sól ryż mięso dziękuję dłoń koń
        dzień gość ość pięć dziesięć sześć część miłość chłopiec dziewczyna ćwierć ścierka się są
        już też być może także jeśli ponieważ wysokość szerokość długość ilość cięcie zł sztuk
        środa średni kręgle ręczny mięta pręt wstążka pieniądze tęcza zęby gałąź zając kąpiel wąski
        pędzel męski żeński dźwig źle późno róg żaba ważny trzcina wiśnia świąteczny kość łyżka
        """,
    "cs": """
        dvořák novák novotný černý procházka kučera veselý horák němec pokorný růžička fiala jiří
        ondřej tomáš lukáš václav zdeněk miloš luboš jaroslav božena věra kateřina anežka plzeň
        děčín třebíč přerov břeclav ústí nad labem hradec králové české budějovice jičín žlutý
        zelený červený černý bílý růžový modrý židle stůl postel skříň koberec lžíce vidlička nůž
        talíř hrnek šálek čaj káva mléko sýr máslo chléb třešně jahody švestky hříbek řeřicha
        příliš žluťoučký kůň úpěl ďábelské ódy středně měď těsto děti zboží množství šířka výška
        délka ještě také před při není může být který běžný pět tři čtyři šest účet účtenka dům můj
        stůl tužka pohár kalhoty sukně boty ponožky košile čistý sešit větší menší dřevěný kůže
        pytlík sůl kuchyňský zahradní děkuji prodej lékař pekař rybář komár vánoční řada křeslo
        měřítko
        """,
    "sk": """
        kováč horváth tóth nagy baláž šimko ďurica ľudovít štefan ľubomír matúš zuzana žofia košice
        žilina prešov trenčín ružomberok poľský veľký malý žltý zelený čierny biely ružový stôl
        stolička posteľ skriňa čaj káva mlieko syr chlieb jablko hruška kôň vôňa môže päť šesť
        deväť dĺžka šírka výška kúpiť späť ľad soľ vŕba stĺp dieťa škôlka
        """,
    "hu": """
        györgy józsef lászló gábor zoltán péter tamás krisztián ágnes éva erzsébet zsófia nagy
        szabó tóth horváth kovács németh kiss szűcs szőke erdős hegedűs győr pécs szőlő
        székesfehérvár kecskemét nyíregyháza békéscsaba hódmezővásárhely erdő mező őszi tűz fűszer
        gyümölcs körte szőlő málna répa hagyma só bors tej vaj sajt kenyér tükörfúró árvíztűrő
        könyv szék asztal ágy szekrény függöny törülköző párna kötő nő férfi kék zöld fehér sárga
        bőr gyűrű cipő öltöny kabát ősz tűző művész hétfő idő első belső külső minőség méret és
        vagy több őrlő fő nőtt főző sör kőműves tőke bő lő csökkentő kőolaj zöldség főtt fűz szű
        hűtő fűtés gyűlés szűr külföldi mérő esőcsatorna erősítő fenyő cérna keserű gyönyörű edző
        törlő ütő sütő
        """,
    "ro": """
        ştefan ţepeş mihăiţă ionuţ constanţa bucureşti iaşi timişoara braşov piteşti ploieşti
        botoşani târgu mureş călăraşi brăila galaţi roşu albastru verde negru ştergar şerveţel
        măsuţă pătură pernă farfurie lingură cuţit brânză lapte pâine şuncă ceapă roşie măr pară
        struguri căpşuni şi să că în între până fără după câte preţ bucăţi mărime lăţime înălţime
        ţară cană scaune şapcă şosete şampon şurub ceai cămin căciulă haină fustă pantofi maşină
        încălţăminte băiat fată copii jucărie cărţi casă masă apă viaţă soţ faţă gheaţă uşă ploaie
        oraş
        """,
    "south": """
        živković petrović jovanović marković nikolić đorđe đuro šćepan željko čedomir nuša špela
        blaž žiga matjaž uroš tomaž šibenik rijeka osijek čakovec požega vukovar niš čačak kranjska
        škofja loka žalec brežice ptuj črnomelj čaša žlica nož šećer čokolada višnja kruška češanj
        luk mlijeko čaj plavi žuti crveni bijeli crni kćer noć kuća voće cvijeće
        """,
}

CYRILLIC = {
    "ru": """
        александр екатерина сергей наталья дмитрий ольга андрей татьяна михаил юлия николай елена
        иванов петрова сидоров кузнецов смирнова попов васильев соколов михайлов новиков фёдоров
        москва санкт-петербург новосибирск казань нижний новгород самара омск челябинск ростов уфа
        пермь волгоград красноярск воронеж саратов тюмень ярославль чашка тарелка ложка вилка стол
        стул кровать шкаф подушка одеяло полотенце рубашка брюки куртка шапка шарф перчатки чёрный
        белый красный синий зелёный жёлтый большой маленький новый хороший чай кофе молоко масло
        сыр хлеб яблоко груша вишня мука соль перец цена размер длина ширина высота штука и в не на
        что как это для или если упаковка товар количество наименование объём ещё щётка банка
        бумага журнал абонент пакет жаркое гвоздика звезда ёж ёмкость лыжи пицца щит плащ цыплёнок
        банан двор овца журавль лужайка елка палка булка тетрадь ручка краска кисть ваза лампа
        """,
    "uk": """
        олександр катерина сергій наталія дмитро андрій тетяна михайло юлія микола олена ігор київ
        харків одеса дніпро львів запоріжжя вінниця чернігів полтава житомир рівне луцьк шевченко
        коваленко бондаренко ткаченко кравченко олійник шевчук поліщук ґудзик чашка тарілка ложка
        стіл стілець ліжко шафа подушка ковдра рушник сорочка куртка білий чорний червоний синій
        зелений жовтий великий новий їжа її є і та або ціна розмір довжина висота
        """,
    "bg": """
        георги иван димитър николай петър стоян тодор мария елена десислава цветелина иванов
        георгиев димитров петров софия пловдив варна бургас русе стара загора плевен сливен добрич
        шумен перник чаша чиния лъжица вилица стол маса легло възглавница кърпа риза панталон яке
        бял черен червен син зелен жълт голям малък нов хляб мляко сирене ябълка круша череша ъгъл
        и на за от се това който цена размер дължина височина брой също път къща българия първи
        """,
}

# The characters that half of all names and shop words of a language consist of.
JAPANESE_FREQUENT = """
    のをにはがとでたしているなれからさんくりすまもうこあつおきちけめそどじーンスルトリイアラ
    クッシドレロタマプテムフコカグジバブパセボメワサナ日本東京大阪山田中村小林木佐藤鈴高橋伊
    渡辺加吉松井上口川石原野島崎子郎美花一二三太健翔愛市区町県府名古屋横浜福岡神戸都北海道広
    札幌仙台商品番号価格色白黒赤青緑茶水用式新型入個円税込送料無付電気器具食飲酒米肉魚菜果物
    手足布紙金銀鉄皿鍋箱袋机椅服靴帽傘時計長短重軽幅丈枚
"""
SIMPLIFIED_FREQUENT = """
    的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年得就那要王李张刘陈杨赵黄周吴
    徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平
    刚桂英华玉红建文志海春梅兰北京广州深圳天津重庆成都武汉西安南杭苏省市区县路街号东江山河湖
    福色白黑蓝绿灰粉紫小码新款男女童装衣裤鞋帽包袋杯碗盘锅刀叉桌椅床灯机电器手表茶水酒米面油
    盐糖肉鱼菜果瓜花布纸金银铁木竹瓷玻璃塑料件名称价格商品编数量单位规长宽厚质克元套只双盒瓶
    条台支家用便携式型
"""
TRADITIONAL_FREQUENT = """
    的一是不了人我在有他這中大來上國個到說們為子和你地出道也時年得就那要王李張劉陳楊趙黃周吳
    徐孫胡朱高林何郭馬羅梁宋鄭謝韓唐馮于董蕭程曹袁鄧偉芳娜敏靜麗強磊軍洋勇豔杰娟濤明超秀霞平
    剛桂英華玉紅建文志海春梅蘭臺台北南雄新竹桃園基隆花蓮宜嘉義屏東香港澳門九龍縣市區路街號段
    巷色白黑藍綠灰粉紫小碼款男女童裝衣褲鞋帽包袋杯碗盤鍋刀叉桌椅窗床燈機電器手錶茶水酒米麵油
    鹽糖肉魚菜果瓜布紙金銀鐵木瓷玻璃塑料件組名稱價格商品編數量單位規長寬厚質克元套隻雙盒瓶條
    支家用便攜式型雞蛋
"""
