using System.Collections.Immutable;
using Ambient.Compile;
using Ambient.Core;

namespace Ambient.Operator.Indexing;

/// <summary>The operator's configuration in the compiler's words.</summary>
internal static class CompileSettings
{
    public static CompileOptions Of(OperatorConfig config) => new()
    {
        ClusterId = config.ClusterId,
        Network = config.Network,
        Settings = new MeshSettings { TrustDomain = config.TrustDomain, ClusterDomain = config.ClusterDomain },
        RootNamespaces = [.. ImmutableArray.Create(config.SystemNamespace, MeshDefaults.IstioSystemNamespace).Distinct()],
        EnrolIstioInjection = config.ForeignInjectionLabels,
        EnrolLinkerdInject = config.ForeignInjectionLabels,
    };
}
