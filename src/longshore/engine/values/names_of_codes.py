"""Names of countries and currencies that stand for one code, in the words of common files."""

from collections.abc import Mapping

_COUNTRIES = """
AE=ARE,United Arab Emirates,UAE  AR=ARG,Argentina  AT=AUT,Austria,Österreich,Oesterreich
AU=AUS,Australia  BE=BEL,Belgium,Belgien,Belgique,België  BG=BGR,Bulgaria  BR=BRA,Brazil,Brasil
CA=CAN,Canada  CH=CHE,Switzerland,Schweiz,Suisse,Svizzera  CL=CHL,Chile  CN=CHN,China
CO=COL,Colombia  CY=CYP,Cyprus  CZ=CZE,Czech Republic,Czechia  DE=DEU,Germany,Deutschland,Allemagne
DK=DNK,Denmark,Danmark  EE=EST,Estonia  EG=EGY,Egypt  ES=ESP,Spain,España,Espana,Spanien,Espagne
FI=FIN,Finland,Suomi  FR=FRA,France,Frankreich,Francia  GB=GBR,United Kingdom,UK,Great Britain
GR=GRC,Greece  HK=HKG,Hong Kong  HR=HRV,Croatia  HU=HUN,Hungary  ID=IDN,Indonesia
IE=IRL,Ireland  IL=ISR,Israel  IN=IND,India  IS=ISL,Iceland  IT=ITA,Italy,Italia,Italien,Italie
JP=JPN,Japan  KR=KOR,South Korea  LT=LTU,Lithuania  LU=LUX,Luxembourg,Luxemburg  LV=LVA,Latvia
MT=MLT,Malta  MX=MEX,Mexico,México  MY=MYS,Malaysia  NL=NLD,Netherlands,The Netherlands,Nederland
NO=NOR,Norway,Norge  NZ=NZL,New Zealand  PE=PER,Peru  PH=PHL,Philippines  PL=POL,Poland,Polska
PT=PRT,Portugal  RO=ROU,Romania  RS=SRB,Serbia  SA=SAU,Saudi Arabia  SE=SWE,Sweden,Sverige
SG=SGP,Singapore  SI=SVN,Slovenia  SK=SVK,Slovakia  TH=THA,Thailand  TR=TUR,Turkey,Türkiye
TW=TWN,Taiwan  UA=UKR,Ukraine  US=USA,United States,United States of America,U.S.A.,U.S.
VN=VNM,Vietnam  ZA=ZAF,South Africa
"""
_CURRENCIES = """
EUR=Euro,Euros  USD=US Dollar,US Dollars,US$  GBP=Pound Sterling,British Pound,British Pounds
CHF=Swiss Franc,Swiss Francs,SFr  JPY=Yen,Japanese Yen  CNY=RMB,Renminbi,Yuan  INR=Indian Rupee
PLN=Zloty,Złoty  SEK=Swedish Krona  NOK=Norwegian Krone  DKK=Danish Krone
AUD=Australian Dollar,AU$  CAD=Canadian Dollar,CA$
"""


def _by_name(table: str) -> Mapping[str, str]:
    """Name, in small letters -> code."""
    entries = " ".join(table.split("\n")).split("  ")
    found = {}
    for entry in filter(None, map(str.strip, entries)):
        code, _, names = entry.partition("=")
        found.update(dict.fromkeys(names.lower().split(","), code))
    return found


COUNTRY_NAMES = _by_name(_COUNTRIES.replace("\n", "  "))
CURRENCY_NAMES = _by_name(_CURRENCIES.replace("\n", "  "))
