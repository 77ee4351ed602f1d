"""The regulation as pure functions over dates and frozen data; standard library only.

Articles are those of 《中华人民共和国政府信息公开条例》 (revised 2019) unless another text is named.

Glossary (the same words in code, page, table and letter):

=====================  =======================================================
依申请公开             disclosure on request
法定收到日             legal receipt: day 0 of the term (art. 31)
工作日                 working day, make-up days (调休) included
到期日                 due day: the last day on which a reply is on time
补正                   correction of an unclear request (art. 30)
征求意见               consultation of a third party (art. 32)
延期                   extension of the term (art. 33)
答复                   reply; its day of sending (发出) decides timeliness
办结                   closed: replied, lapsed or withdrawn
结转                   carried over to the next year
勾稽                   the identities that table 3 must satisfy
暂定                   provisional: a year whose holiday notice is not entered
=====================  =======================================================
"""
