variable "compartment_id" {
  description = "OCID of the compartment."
  type        = string
}

variable "vcn_cidr" {
  description = "Range of the whole network."
  type        = string
  default     = "10.0.0.0/16"
}

variable "subnet_cidr" {
  description = "Range of the one public subnet. nginx trusts the load balancer by this range: change both."
  type        = string
  default     = "10.0.1.0/24"
}

variable "ssh_cidr" {
  description = "Range from which SSH is let in, such as 203.0.113.7/32."
  type        = string

  validation {
    condition     = can(cidrnetmask(var.ssh_cidr)) && var.ssh_cidr != "0.0.0.0/0"
    error_message = "Give an IPv4 range such as 203.0.113.7/32; the whole internet is not one."
  }
}
