package standin

import (
	"context"
	"errors"
	"fmt"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// tell makes the engine at an address show a message to its user.
func tell(ctx context.Context, engine, message string) (err error) {
	// The engine listens on loopback, without TLS.
	connection, err := grpc.NewClient(engine, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return fmt.Errorf("finding the engine at %s: %w", engine, err)
	}
	defer func() { err = errors.Join(err, connection.Close()) }()
	request := &pulumirpc.LogRequest{Severity: pulumirpc.LogSeverity_INFO, Message: message}
	if _, err := pulumirpc.NewEngineClient(connection).Log(ctx, request); err != nil {
		return fmt.Errorf("telling the engine at %s: %w", engine, err)
	}
	return nil
}
