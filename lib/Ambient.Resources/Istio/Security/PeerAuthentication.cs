using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Security;

[Resource("security.istio.io", "PeerAuthentication", "peerauthentications", "v1", "v1beta1",
    ShortNames = ["pa"], Categories = ["istio-io", "security-istio-io", "ambient"])]
[Column("Mode", ".spec.mtls.mode")]
[Column("Accepted", ".status.conditions[?(@.type==\"Accepted\")].status")]
[Description("Says whether connections to workloads must be mutually authenticated TLS.")]
public sealed record PeerAuthentication
{
    [Description("What is demanded, and of whom.")]
    public PeerAuthenticationSpec? Spec { get; init; }
}
