variable "tenancy_id" {
  description = "OCID of the tenancy."
  type        = string
}

variable "compartment_id" {
  description = "OCID of the compartment."
  type        = string
}

variable "compartment_name" {
  description = "Name of the compartment below the tenancy: quotas are written by name."
  type        = string
}

variable "email" {
  description = "Who is told."
  type        = string
}

variable "may_cost_money" {
  description = "Leave the quota out."
  type        = bool
}

variable "free_tier" {
  description = "What is free."
  type = object({
    ocpus          = number
    memory_gb      = number
    storage_gb     = number
    bandwidth_mbps = number
  })
}
