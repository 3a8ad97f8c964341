"""The words of the public verification page, in three languages that are shown side by side."""

from __future__ import annotations

VERIFY: dict[str, tuple[str, str, str]] = {
    "title": ("证书查验", "Certificate verification", "ལག་ཁྱེར་བདེན་དཔྱད།"),
    "number": ("证书编号", "Certificate number", "ལག་ཁྱེར་ཨང་རྟགས།"),
    "name": ("持证人姓名", "Name of the holder", "ལག་ཁྱེར་འཛིན་མཁན་གྱི་མིང་།"),
    "submit": ("查验", "Verify", "བདེན་དཔྱད་བྱེད།"),
    "status": ("状态", "Status", "གནས་ཚུལ།"),
    "programme": ("项目", "Programme", "ལས་གཞི།"),
    "issued_on": ("发证日期", "Issued on", "སྤྲོད་པའི་ཚེས་གྲངས།"),
    "valid_until": ("有效期至", "Valid until", "ནུས་ལྡན་དུས་མཚམས།"),
    "replaced_by": ("新证编号", "Replaced by number", "ལག་ཁྱེར་གསར་པའི་ཨང་རྟགས།"),
    "holder": ("持证人", "Holder", "འཛིན་མཁན།"),
    "valid": ("有效", "Valid", "ནུས་ལྡན།"),
    "suspended": ("暂停", "Suspended", "གནས་སྐབས་མཚམས་འཇོག"),
    "revoked": ("已撤销", "Revoked", "ཕྱིར་འཐེན་བྱས་པ།"),
    "reissued": ("已换发新证", "Replaced by a new certificate", "གསར་བརྗེ་བྱས་པ།"),
    "expired": ("已过有效期", "Expired", "དུས་ཡོལ་བ།"),
    "tampered": ("内容被改动", "Altered", "བཟོ་བཅོས་བྱས་པ།"),
    "not-found": ("未查到相符的证书", "No matching certificate", "མཐུན་པའི་ལག་ཁྱེར་མ་རྙེད།"),
    "malformed-number": (
        "编号有误，请核对后重新输入。",
        "The number has a mistake in it; check it and try again.",
        "ཨང་རྟགས་ནོར་འདུག བསྐྱར་དུ་ཞིབ་བཤེར་གནང་རོགས།",
    ),
    "busy": (
        "查询过于频繁，请稍后再试。",
        "Too many questions; wait a moment and try again.",
        "འདྲི་གྲངས་མང་དྲགས་པས། ཅུང་ཙམ་སྒུག་རོགས།",
    ),
    "down": (
        "查验服务暂时不可用，请稍后再试。",
        "Verification is not available right now; try again shortly.",
        "ད་ལྟ་བདེན་དཔྱད་བྱེད་མི་ཐུབ། ཅུང་ཙམ་སྒུག་རོགས།",
    ),
    "hint": (
        "请输入证书上的编号和姓名，或扫描证书上的二维码。",
        "Enter the number and the name as on the certificate, or scan its QR code.",
        "ལག་ཁྱེར་ཐོག་གི་ཨང་རྟགས་དང་མིང་འབྲི་རོགས།",
    ),
    "by-number": ("按编号查验", "By number and name", "ཨང་རྟགས་ལྟར་བདེན་དཔྱད།"),
    "by-file": ("按文件查验", "By file", "ཡིག་ཆ་ལྟར་བདེན་དཔྱད།"),
    "file": ("证书文件（PDF、JWT、JSON，不超过1 MB）", "Certificate file (PDF, JWT, JSON; up to 1 MB)", "ལག་ཁྱེར་ཡིག་ཆ།"),
    "text": (
        "或粘贴电子凭证或离线二维码的内容",
        "or paste the credential, or what the offline QR code says",
        "ཡང་ན་ཡིག་ཆའི་ནང་དོན་འདིར་སྦྱོར་རོགས།",
    ),
    "file-hint": (
        "文件只用于本次查验，不保存。",
        "The file is checked and not kept.",
        "ཡིག་ཆ་བདེན་དཔྱད་ཁོ་ན་བྱེད་པ་ལས་ཉར་གྱི་མེད།",
    ),
    "unreadable-file": (
        "这不是可查验的证书文件，请选择证书的PDF、JWT或JSON文件。",
        "This is not a certificate file that can be checked; choose its PDF, JWT or JSON.",
        "འདི་བདེན་དཔྱད་བྱེད་ཐུབ་པའི་ལག་ཁྱེར་ཡིག་ཆ་མ་རེད།",
    ),
    "wait": ("请等待（秒）：", "Seconds to wait:", "སྒུག་དགོས་པའི་སྐར་ཆ།"),
    "of-records": (
        "以上为发证机关登记的内容；如与您手中的证书不一致，请以此为准。",
        "This is what the issuer has on record; where your paper says otherwise, the record is right.",
        "གོང་གསལ་ནི་སྤྲོད་མཁན་གྱི་ཐོ་འགོད་ཡིན།",
    ),
}
"""Words of the public verification: (Chinese, English, Tibetan), shown side by side."""
