"""哪些行并成一家企业、为什么，哪些请人看一看."""

from typing import Final

TEXT: Final[dict[str, str]] = {
    "merge_same_id_other_file": "第 {second_row} 行“{second_name}”并入第 {first_row} 行"
    "“{first_name}”：两行的企业编号都是 {first}。",
    "merge_asked": "第 {second_row} 行“{second_name}”（{second}）并入第 {first_row} 行"
    "“{first_name}”（{first}）：按您的指定（--same）。",
    "merge_uscc": "第 {second_row} 行“{second_name}”（{second}）并入第 {first_row} 行"
    "“{first_name}”（{first}）：统一社会信用代码相同。",
    "merge_name": "第 {second_row} 行“{second_name}”（{second}）并入第 {first_row} 行"
    "“{first_name}”（{first}）：除写法、组织形式、地名外，名称相同。",
    "merge_former_name": "第 {second_row} 行“{second_name}”（{second}）并入第 {first_row} 行"
    "“{first_name}”（{first}）：一方是另一方的曾用名。",
    "merge_alias": "第 {second_row} 行“{second_name}”（{second}）并入第 {first_row} 行"
    "“{first_name}”（{first}）：一方是另一方的别名。",
    "review_alike": "第 {first_row} 行“{first_name}”（{first}）与第 {second_row} 行“{second_name}”"
    "（{second}）名称相近（相似度 {score}），未合并。若是同一家，请用 --same {first} {second}。",
    "review_form": "第 {first_row} 行“{first_name}”（{first}）与第 {second_row} 行“{second_name}”"
    "（{second}）字号相同，但“集团”“股份”有别，未合并。若是同一家，请用 --same {first} {second}。",
    "review_region": "第 {first_row} 行“{first_name}”（{first}）与第 {second_row} 行“{second_name}”"
    "（{second}）名称相同，但所在地不同，未合并。若是同一家，请用 --same {first} {second}。",
    "review_several": "第 {first_row} 行“{first_name}”（{first}）与第 {second_row} 行“{second_name}”"
    "（{second}）可能是同一家，但这个名称还对得上别的企业，未合并。若是同一家，请用 --same {first} {second}。",
    "review_short_name": "第 {first_row} 行“{first_name}”（{first}）与第 {second_row} 行“{second_name}”"
    "（{second}）只有简称相同，未合并。若是同一家，请用 --same {first} {second}。",
    "review_common": "第 {first_row} 行“{first_name}”（{first}）与第 {second_row} 行“{second_name}”"
    "（{second}）名称相同，但只是通称，未合并。若是同一家，请用 --same {first} {second}。",
    # 数值不一致时，按哪条规则取舍
    "rule_newest": "取日期较新的",
    "rule_evidence": "取依据较可靠的",
    "rule_first": "取最先出现的",
    "rule_finer": "取更具体的地区",
    "rule_valid_code": "取校验正确的代码",
    "rule_stated": "取已写明的状态（空白视为在产）",
}
