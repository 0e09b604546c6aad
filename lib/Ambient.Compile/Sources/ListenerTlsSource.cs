using System.Collections.Immutable;

namespace Ambient.Compile.Sources;

/// <summary>A listener's <c>tls</c>. <paramref name="Mode"/>: <c>Terminate</c> or <c>Passthrough</c>.</summary>
internal sealed record ListenerTlsSource(string Mode, ImmutableArray<ObjectRef> Certificates, string MinVersion, FrontendValidation? Clients)
{
    public const string MinVersionOption = "ambient.dev/min-tls-version";

    public static ListenerTlsSource Read(JsonView tls, string @namespace) => new(
        tls.Text("mode") is { Length: > 0 } mode ? mode : "Terminate",
        [.. tls.List("certificateRefs").Select(r => ObjectRef.Read(r, @namespace, KnownKinds.Secret))],
        tls["options"].Text(MinVersionOption),
        FrontendValidation.Read(tls["frontendValidation"], @namespace));
}
