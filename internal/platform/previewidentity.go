package platform

import "github.com/dreamseed/platform/internal/preview"

// newPreviewIdentity gives the preview identity its rights and limits, where there is one.
func (b *builder) newPreviewIdentity() error {
	if b.cluster.Previewer == nil {
		return nil
	}
	_, err := preview.NewIdentity(b.ctx, "preview-identity", &preview.Args{Subject: *b.cluster.Previewer}, b.onCluster)
	return err
}
