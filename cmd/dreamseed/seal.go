package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/internal/sealing"
	"github.com/dreamseed/platform/internal/sealing/sealedfile"
	"github.com/dreamseed/platform/services/catalogue"
)

const sealExitCodeHelp = `Exit codes:
  0    done
  1    it went wrong; the message says what and why, and nothing was changed
  2    wrong arguments, a wrong value or a wrong stack's file: nothing was changed
  130  interrupted: nothing was changed`

// sealFlags holds the flags of both commands.
type sealFlags struct{ stack, service, key, controller string }

func sealCommand() *cobra.Command {
	var flags sealFlags
	cmd := &cobra.Command{
		Use:   "seal",
		Short: "Encrypt the value of a service's secret into Pulumi.<stack>.yaml",
		Long: `Reads a value from stdin, encrypts it for the Sealed Secrets controller of the stack's cluster, and writes it
into Pulumi.<stack>.yaml under dreamseed:services.<service>.secrets.<key>.sealed. The file is written as pulumi config
set writes it: no other value changes, and comments stay. Only this service's Secret in this environment's namespace can
be made from it.

A terminal is asked for one line, which it does not show. From a pipe or a file everything is taken, with one newline at
its end removed:
  dreamseed seal --stack production --service auth --key DATABASE_URL < value

The controller's certificate stands in the file too. --controller fetches the newest one first:
  kubectl port-forward --namespace sealed-secrets service/sealed-secrets 8080
  dreamseed seal … --controller http://localhost:8080

` + sealExitCodeHelp,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return seal(cmd, flags) },
	}
	cmd.Flags().StringVar(&flags.stack, "stack", "", "the stack: the name in Pulumi.<stack>.yaml (required)")
	cmd.Flags().StringVar(&flags.service, "service", "", "the service that reads the secret, or monitoring (required)")
	cmd.Flags().StringVar(&flags.key, "key", "", "the secret's key, such as DATABASE_URL (required)")
	cmd.Flags().StringVar(&flags.controller, "controller", "",
		"the controller's URL over a port-forward, to fetch its newest certificate first")
	return cmd
}

func resealCommand() *cobra.Command {
	var flags sealFlags
	cmd := &cobra.Command{
		Use:   "reseal",
		Short: "Have the controller encrypt every sealed value in Pulumi.<stack>.yaml with its newest key",
		Long: `Sends the sealed values of Pulumi.<stack>.yaml to the Sealed Secrets controller, which encrypts them again with
its newest key, and writes what comes back, with the newest certificate. No value leaves the cluster in clear. Either
every value is written or none.

  kubectl port-forward --namespace sealed-secrets service/sealed-secrets 8080
  dreamseed reseal --stack production --controller http://localhost:8080

` + sealExitCodeHelp,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return reseal(cmd, flags) },
	}
	cmd.Flags().StringVar(&flags.stack, "stack", "", "the stack: the name in Pulumi.<stack>.yaml (required)")
	cmd.Flags().StringVar(&flags.controller, "controller", "", "the controller's URL over a port-forward (required)")
	return cmd
}

// seal reads the value last: no user should type a value that is then refused for another reason.
func seal(cmd *cobra.Command, flags sealFlags) error {
	file, err := openStackFile(flags.stack)
	if err != nil {
		return err
	}
	owner, err := sealedOwner(file, flags)
	if err != nil {
		return err
	}
	if flags.controller != "" {
		controller, err := openController(flags.controller)
		if err != nil {
			return err
		}
		if err := takeCertificate(cmd.Context(), file, controller); err != nil {
			return err
		}
	}
	if _, err := file.Certificate(); err != nil {
		return err
	}
	value, err := readValue(cmd, fmt.Sprintf("%s of %s in %s", flags.key, owner.Name, owner.Namespace))
	if err != nil {
		return err
	}
	if err := file.Seal(owner, flags.key, value); err != nil {
		return err
	}
	if err := file.Save(); err != nil {
		return err
	}
	cmd.Printf("Sealed %s for the Secret %s in the namespace %s.\n",
		flags.key, owner.SealedSecret(flags.key), owner.Namespace)
	cmd.Printf("Wrote %s to %s.\n", sealedfile.Key(owner, flags.key), file.Name())
	return showCertificate(cmd, file, flags)
}

func reseal(cmd *cobra.Command, flags sealFlags) error {
	file, err := openStackFile(flags.stack)
	if err != nil {
		return err
	}
	controller, err := openController(flags.controller)
	if err != nil {
		return err
	}
	if err := takeCertificate(cmd.Context(), file, controller); err != nil {
		return err
	}
	count, err := file.Reseal(cmd.Context(), controller)
	if err != nil {
		return err
	}
	if err := file.Save(); err != nil {
		return err
	}
	cmd.Printf("Sealed values encrypted again in %s: %d.\n", file.Name(), count)
	return showCertificate(cmd, file, flags)
}

// showCertificate prints which certificate was fetched.
func showCertificate(cmd *cobra.Command, file *sealedfile.File, flags sealFlags) error {
	certificate, err := file.Certificate()
	if err != nil || flags.controller == "" {
		return err
	}
	cmd.Printf("Wrote %s:secrets.certificate to %s: valid from %s until %s.\n", invalid.ConfigNamespace, file.Name(),
		certificate.NotBefore.Format(time.DateOnly), certificate.NotAfter.Format(time.DateOnly))
	return nil
}

func sealedOwner(file *sealedfile.File, flags sealFlags) (config.SecretOwner, error) {
	owner, known := file.Owner(flags.service)
	var mistakes []error
	if !known {
		mistakes = append(mistakes, fmt.Errorf("--service is %q: it %s", flags.service, invalid.OneOf(file.Owners())))
	}
	if err := catalogue.CheckSecretKey(flags.key); err != nil {
		mistakes = append(mistakes, fmt.Errorf("--key is %q: it %w", flags.key, err))
	}
	if len(mistakes) > 0 {
		return owner, &usageError{errors.Join(mistakes...)}
	}
	return owner, nil
}

func openStackFile(stack string) (*sealedfile.File, error) {
	project, err := projectOf(stack)
	if err != nil {
		return nil, err
	}
	return sealedfile.Open(project, stack)
}

// openController returns a client for the controller. Its error never shows the address, which may hold a password.
func openController(address string) (*sealing.Controller, error) {
	controller, err := sealing.NewController(address)
	if err != nil {
		return nil, &usageError{fmt.Errorf("--controller %w", err)}
	}
	return controller, nil
}

func takeCertificate(ctx context.Context, file *sealedfile.File, controller *sealing.Controller) error {
	certificate, err := controller.Certificate(ctx)
	if err != nil {
		return err
	}
	return file.SetCertificate(certificate)
}
