# Always Free: 2 OCPU and 12 GB. Costs nothing.

locals {
  size           = "free"
  ocpus          = 2
  memory_gb      = 12
  may_cost_money = false
}
