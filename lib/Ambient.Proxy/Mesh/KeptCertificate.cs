using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Ambient.Proxy.Mesh;

/// <summary>An SVID as it outlives the process. Holds a private key.</summary>
/// <param name="Identity">SPIFFE id.</param>
/// <param name="Key">PKCS#8, PEM.</param>
/// <param name="Chain">PEM: leaf and intermediates, then the roots that came with them.</param>
internal sealed record KeptCertificate(string Identity, string Key, ImmutableArray<string> Chain);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ImmutableArray<KeptCertificate>))]
internal sealed partial class KeptCertificateJson : JsonSerializerContext;
