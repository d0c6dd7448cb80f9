"""What one may do with the register."""

from firebreak.kernel.permissions import declare

REGISTRY_READ = declare("registry.read", "查看底册(遮盖个人信息)", "See the register, personal data masked")
REGISTRY_READ_PERSONAL = declare("registry.read_personal", "查看完整姓名", "See names in full")
REGISTRY_READ_PHONE = declare("registry.read_phone", "查看电话", "See phone numbers")
REGISTRY_UNMASK = declare("registry.unmask", "写明理由后查看完整信息", "Unmask personal data, giving a reason")
REGISTRY_MERGE = declare("registry.merge", "合并重复登记", "Merge people who are entered twice")
REGISTRY_READ_NEEDS = declare("registry.read_needs", "查看特殊需求", "See special needs")
REGISTRY_WRITE = declare("registry.write", "登记人员和居住变动", "Register people and where they are")
OWN_ERASURE = declare("privacy.own", "对个人信息负责到删除", "Answer for personal data until they are erased")
REGISTRY_IMPORT = declare("registry.import", "导入名单", "Import lists")
