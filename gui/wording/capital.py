"""Sums in capital figures, as receipts write them: 肆佰元整."""

_FIGURES = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def capital(fen: int) -> str:
    """A sum in capital figures (《支付结算办法》附一《正确填写票据和结算凭证的基本规定》); fen from 0 to 10^18."""
    yuan, rest = divmod(fen, 100)
    jiao, one = divmod(rest, 10)
    whole = f"{_whole(yuan)}元" if yuan or not rest else ""
    if not rest:
        return f"{whole}整"
    between = "零" if yuan and (not jiao or yuan % 10 == 0) else ""
    tail = (f"{_FIGURES[jiao]}角" if jiao else "") + (f"{_FIGURES[one]}分" if one else "整")
    return f"{whole}{between}{tail}"


def _whole(number: int) -> str:
    if number == 0:
        return "零"
    found, gap = "", False
    groups = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if not group:
            gap = True
            continue
        if found and (gap or group < 1000):
            found += "零"
        found += _group(group) + _GROUPS[place]
        gap = False
    return found


def _group(number: int) -> str:
    found, gap = "", False
    for place in range(3, -1, -1):
        figure = number // 10**place % 10
        if not figure:
            gap = bool(found)
            continue
        found += ("零" if gap else "") + _FIGURES[figure] + _PLACES[place]
        gap = False
    return found
