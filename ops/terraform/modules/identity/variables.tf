variable "tenancy_id" {
  description = "OCID of the tenancy, where dynamic groups live."
  type        = string
}

variable "compartment_id" {
  description = "OCID of the compartment."
  type        = string
}

variable "instance_id" {
  description = "OCID of the machine."
  type        = string
}

variable "bucket_name" {
  description = "The bucket of the backups."
  type        = string
}
