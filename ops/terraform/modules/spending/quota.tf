# Oracle itself refuses what is not free, whoever asks for it in this compartment.

resource "oci_limits_quota" "free_tier" {
  count = var.may_cost_money ? 0 : 1

  compartment_id = var.tenancy_id
  name           = "prickle-free-tier"
  description    = "Nothing that costs money in Prickle's compartment."

  statements = [
    "zero compute-core quotas in compartment ${var.compartment_name}",
    "zero compute-memory quotas in compartment ${var.compartment_name}",
    "set compute-core quota standard-a1-core-count to ${var.free_tier.ocpus} in compartment ${var.compartment_name}",
    "set compute-core quota standard-a1-core-regional-count to ${var.free_tier.ocpus} in compartment ${var.compartment_name}",
    "set compute-memory quota standard-a1-memory-count to ${var.free_tier.memory_gb} in compartment ${var.compartment_name}",
    "set compute-memory quota standard-a1-memory-regional-count to ${var.free_tier.memory_gb} in compartment ${var.compartment_name}",
    "set block-storage quota total-storage-gb to ${var.free_tier.storage_gb} in compartment ${var.compartment_name}",
    "zero load-balancer quotas in compartment ${var.compartment_name}",
    "set load-balancer quota lb-flexible-count to 1 in compartment ${var.compartment_name}",
    "set load-balancer quota lb-flexible-bandwidth-count to ${var.free_tier.bandwidth_mbps} in compartment ${var.compartment_name}",
    "zero database quotas in compartment ${var.compartment_name}",
  ]
}
