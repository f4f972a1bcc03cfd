variable "compartment_id" {
  description = "OCID of the compartment."
  type        = string
}

variable "subnet_id" {
  description = "The public subnet."
  type        = string
}

variable "security_group_id" {
  description = "The load balancer's security group."
  type        = string
}

variable "machine_ip" {
  description = "Address of the machine in the subnet."
  type        = string
}

variable "bandwidth_mbps" {
  description = "Least and most bandwidth, both directions together."
  type        = number
}

variable "bootstrap_certificate" {
  description = "Self-signed certificate (PEM) for the minutes before the first real one."
  type        = string
}

variable "bootstrap_private_key" {
  description = "Its key (PEM)."
  type        = string
  sensitive   = true
}
