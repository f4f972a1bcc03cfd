# The first boot as text: what the machine is told, and that it is YAML.

run "the_first_boot_is_told_of_its_deployment" {
  module {
    source = "../cloud_init"
  }

  variables {
    deployment = {
      DOMAIN = "chat.example.org"
      SIZE   = "free"
    }
  }

  assert {
    condition     = yamldecode(output.text).write_files[0].content == "DOMAIN=chat.example.org\nSIZE=free\n"
    error_message = "The deployment's file is another one."
  }

  assert {
    condition     = alltrue([for file in yamldecode(output.text).write_files : file.content != ""])
    error_message = "A file is empty."
  }
}

run "no_shell_in_the_deployments_values" {
  command = plan

  module {
    source = "../cloud_init"
  }

  variables {
    deployment = {
      DOMAIN = "$(reboot)"
    }
  }

  expect_failures = [var.deployment]
}
