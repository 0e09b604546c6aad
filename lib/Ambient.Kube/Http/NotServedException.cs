using Ambient.Kube.Resources;

namespace Ambient.Kube.Http;

/// <summary>The server does not know the kind (yet): its CRD is not installed or not established.</summary>
public sealed class NotServedException(GroupKind kind) : KubeException(new Status
{
    Code = 404,
    Reason = "NotServed",
    Message = $"the server serves no {kind}",
})
{
    public GroupKind Kind { get; } = kind;
}
