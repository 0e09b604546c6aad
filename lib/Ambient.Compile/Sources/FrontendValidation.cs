using System.Collections.Immutable;

namespace Ambient.Compile.Sources;

/// <summary>What is asked of clients' certificates (Gateway API v1, FrontendTLSValidation).</summary>
/// <param name="InsecureFallback"><c>AllowInsecureFallback</c>: clients without a valid certificate are let in.</param>
internal sealed record FrontendValidation(ImmutableArray<ObjectRef> Authorities, bool InsecureFallback)
{
    public static FrontendValidation? Read(JsonView v, string @namespace) => !v.Exists ? null : new FrontendValidation(
        [.. v.List("caCertificateRefs").Select(r => ObjectRef.Read(r, @namespace, KnownKinds.ConfigMap))],
        v.Text("mode") == "AllowInsecureFallback");
}
