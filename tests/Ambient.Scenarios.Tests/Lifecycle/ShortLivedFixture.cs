using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Lifecycle;

/// <summary>A lab whose certificates live for a minute.</summary>
public sealed class ShortLivedFixture : MeshFixture
{
    protected override LabOptions Options => new()
    {
        ZtunnelEnvironment = new Dictionary<string, string> { ["AMBIENT_CERT_LIFETIME_SECONDS"] = "60" },
    };
}
