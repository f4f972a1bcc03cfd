# What Oracle gives for nothing, as of 15 June 2026, and a plan that fails beyond it.

locals {
  free_tier = {
    ocpus          = 2
    memory_gb      = 12
    storage_gb     = 200
    bandwidth_mbps = 10
  }

  asked = {
    ocpus          = var.ocpus
    memory_gb      = var.memory_gb
    storage_gb     = var.boot_volume_gb + var.data_volume_gb
    bandwidth_mbps = var.bandwidth_mbps
  }

  beyond_free = [
    for name, most in local.free_tier : "${name} ${local.asked[name]}, of which ${most} are free" if local.asked[name] > most
  ]
}

resource "terraform_data" "free_tier" {
  input = local.asked

  lifecycle {
    precondition {
      condition     = var.may_cost_money || length(local.beyond_free) == 0
      error_message = "This would cost money: ${join("; ", local.beyond_free)}. Set may_cost_money = true if that is meant."
    }
  }
}
