# What is free passes, what is not fails the plan, and the parts fit together. No call leaves this machine.

mock_provider "oci" {
  mock_data "oci_identity_availability_domains" {
    defaults = {
      availability_domains = [{ name = "AD-1" }]
    }
  }

  mock_data "oci_core_images" {
    defaults = {
      images = [{ id = "ubuntu" }]
    }
  }

  mock_data "oci_core_vnic_attachments" {
    defaults = {
      vnic_attachments = [{ vnic_id = "vnic" }]
    }
  }

  mock_data "oci_core_private_ips" {
    defaults = {
      private_ips = [{ id = "ip" }]
    }
  }

  mock_resource "oci_load_balancer_load_balancer" {
    defaults = {
      ip_address_details = [{ ip_address = "192.0.2.7" }]
    }
  }

  mock_data "oci_objectstorage_namespace" {
    defaults = {
      namespace = "tenancy"
    }
  }
}

variables {
  tenancy_id            = "ocid1.tenancy.oc1..a"
  compartment_id        = "ocid1.compartment.oc1..a"
  compartment_name      = "prickle"
  domain                = "chat.example.org"
  email                 = "you@example.org"
  ssh_public_key        = "ssh-ed25519 AAAA you"
  ssh_cidr              = "203.0.113.7/32"
  backup_recipient      = "age1qqqq"
  repository_url        = "https://git.example.org/prickle.git"
  bootstrap_certificate = "certificate"
  bootstrap_private_key = "key"
  size                  = "free"
  ocpus                 = 2
  memory_gb             = 12
}

run "what_is_free_is_planned" {
  command = plan
}

run "more_processors_fail" {
  command = plan

  variables {
    ocpus = 4
  }

  expect_failures = [terraform_data.free_tier]
}

run "more_memory_fails" {
  command = plan

  variables {
    memory_gb = 24
  }

  expect_failures = [terraform_data.free_tier]
}

run "more_storage_fails" {
  command = plan

  variables {
    data_volume_gb = 151
  }

  expect_failures = [terraform_data.free_tier]
}

run "more_bandwidth_fails" {
  command = plan

  variables {
    bandwidth_mbps = 100
  }

  expect_failures = [terraform_data.free_tier]
}

run "money_may_be_spent_on_purpose" {
  command = plan

  variables {
    ocpus          = 4
    memory_gb      = 24
    size           = "seed"
    may_cost_money = true
  }
}

run "a_domain_is_a_name" {
  command = plan

  variables {
    domain = "https://chat.example.org/"
  }

  expect_failures = [var.domain]
}
