variable "tenancy_id" {
  description = "OCID of the tenancy."
  type        = string
}

variable "compartment_id" {
  description = "OCID of the compartment."
  type        = string
}

variable "region" {
  description = "The region, whose service does the deleting."
  type        = string
}

variable "bucket_name" {
  description = "Name of the bucket."
  type        = string
}

variable "retention_days" {
  description = "Age at which a backup goes."
  type        = number

  validation {
    condition     = var.retention_days >= 7
    error_message = "Keep backups for a week at least."
  }
}
