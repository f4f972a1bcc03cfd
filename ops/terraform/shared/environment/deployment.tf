# What every environment is. Each links to the files here, and its own main.tf says how large it is.

terraform {
  required_version = ">= 1.8"

  required_providers {
    oci = {
      source  = "oracle/oci"
      version = "8.28.0"
    }
  }
}

# Reads ~/.oci/config, as `oci setup config` writes it.
provider "oci" {
  region = var.region
}

module "prickle" {
  source = "../../modules/prickle"

  size           = local.size
  ocpus          = local.ocpus
  memory_gb      = local.memory_gb
  may_cost_money = local.may_cost_money

  tenancy_id                 = var.tenancy_id
  compartment_id             = var.compartment_id
  compartment_name           = var.compartment_name
  region                     = var.region
  availability_domain_number = var.availability_domain_number
  fault_domain               = var.fault_domain
  domain                     = var.domain
  email                      = var.email
  ssh_public_key             = var.ssh_public_key
  ssh_cidr                   = var.ssh_cidr
  repository_url             = var.repository_url
  repository_ref             = var.repository_ref
  backup_recipient           = var.backup_recipient
  bootstrap_certificate      = file("${path.root}/bootstrap.crt")
  bootstrap_private_key      = file("${path.root}/bootstrap.key")
}
