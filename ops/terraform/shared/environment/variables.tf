variable "tenancy_id" {
  description = "OCID of the tenancy."
  type        = string
}

variable "compartment_id" {
  description = "OCID of a compartment for Prickle alone."
  type        = string
}

variable "compartment_name" {
  description = "Name of that compartment."
  type        = string
}

variable "region" {
  description = "The home region: what is free is free there only."
  type        = string
  default     = "ap-chuncheon-1"
}

variable "availability_domain_number" {
  description = "Which availability domain of the region, from 1."
  type        = number
  default     = 1
}

variable "fault_domain" {
  description = "FAULT-DOMAIN-1 to 3, or null; try each when Oracle has no capacity."
  type        = string
  default     = null
  nullable    = true
}

variable "domain" {
  description = "The name under which people find the chat, such as chat.example.org."
  type        = string
}

variable "email" {
  description = "Who is told of certificates that run out, and of costs."
  type        = string
}

variable "ssh_public_key" {
  description = "Key of who may log in."
  type        = string
}

variable "ssh_cidr" {
  description = "Range from which SSH is let in, such as 203.0.113.7/32."
  type        = string
}

variable "repository_url" {
  description = "Where the machine clones Prickle from."
  type        = string
}

variable "backup_recipient" {
  description = "Public key that backups are encrypted for, from `age-keygen`. The private one stays with you."
  type        = string
}

variable "repository_ref" {
  description = "Branch, tag or commit to run; empty for the default branch."
  type        = string
  default     = ""
}
