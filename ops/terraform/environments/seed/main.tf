# The larger machine: 4 OCPU and 24 GB. Since June 2026 only half of it is free, so it asks for may_cost_money.

locals {
  size           = "seed"
  ocpus          = 4
  memory_gb      = 24
  may_cost_money = var.may_cost_money
}

variable "may_cost_money" {
  description = "Allow what is not free."
  type        = bool
  default     = false
}
