variable "compartment_id" {
  description = "OCID of the compartment."
  type        = string
}

variable "availability_domain" {
  description = "Where the machine and its volume are."
  type        = string
}

variable "fault_domain" {
  description = "Which of the domain's three parts; null lets Oracle choose. Try each when there is no capacity."
  type        = string
  default     = null
  nullable    = true

  validation {
    condition     = var.fault_domain == null || can(regex("^FAULT-DOMAIN-[123]$", var.fault_domain))
    error_message = "FAULT-DOMAIN-1, FAULT-DOMAIN-2, FAULT-DOMAIN-3 or null."
  }
}

variable "ocpus" {
  description = "Arm processors."
  type        = number
}

variable "memory_gb" {
  description = "Memory."
  type        = number
}

variable "boot_volume_gb" {
  description = "Size of the boot volume; Oracle's least is 47."
  type        = number

  validation {
    condition     = var.boot_volume_gb >= 47
    error_message = "A boot volume has at least 47 GB."
  }
}

variable "data_volume_gb" {
  description = "Size of the data volume; Oracle's least is 50."
  type        = number

  validation {
    condition     = var.data_volume_gb >= 50
    error_message = "A volume has at least 50 GB."
  }
}

variable "subnet_id" {
  description = "The subnet."
  type        = string
}

variable "security_group_id" {
  description = "The machine's security group."
  type        = string
}

variable "private_ip" {
  description = "The machine's address in the subnet. Fixed, so that the load balancer knows it before the machine is there."
  type        = string
}

variable "ssh_public_key" {
  description = "Key of who may log in, as a line of authorized_keys."
  type        = string

  validation {
    condition     = can(regex("^(ssh-|ecdsa-|sk-)", var.ssh_public_key))
    error_message = "Give the public key, as in ~/.ssh/id_ed25519.pub."
  }
}

variable "cloud_init" {
  description = "What the first boot does."
  type        = string
}
