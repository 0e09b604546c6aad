using Ambient.Core;
using Ambient.Core.Policies;
using Ambient.Core.Workloads;
using Ambient.Discovery.Codec;
using Ambient.Proxy.Mesh;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Ambient.Proxy.Tests.Mesh;

public sealed class LocalResourcesTests
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithTypeRegistry(
        TypeRegistry.FromMessages(Ambient.Policy.V1.PolicyOrigin.Descriptor, Ambient.Wire.V1.WorkloadLabels.Descriptor, Ambient.Wire.V1.WorkloadEgress.Descriptor)));

    [Fact]
    public void Read_OriginsAndLabels_AreKept()
    {
        var policy = new AuthorizationPolicy
        {
            Name = new NamespacedName("shop", "p"),
            Scope = PolicyScope.Namespace,
            Action = PolicyAction.Deny,
            Origin = new PolicyOrigin("AuthorizationPolicy", "shop", "p"),
        };
        var workload = new Workload { Uid = "w", Name = "w", Namespace = "shop", Hostname = "w.example", Labels = Workload.NoLabels.Add("app", "w") };
        string text = $$"""
            {"resources":[
              {"type":"istio.security.Authorization","name":"shop/p","value":{{Formatter.Format(PolicyCodec.ToProto(policy))}}},
              {"type":"istio.workload.Workload","name":"w","value":{{Formatter.Format(WorkloadCodec.ToProto(workload))}}}
            ]}
            """;
        var resources = new MeshResources();

        LocalResources.Read(resources, "mesh.json", text);

        MeshUpdate update = resources.Since(new MeshResources());
        Assert.Equal(policy.Origin, Assert.Single(update.Policies).Origin);
        Assert.Equal("w", Assert.Single(update.Workloads).Labels["app"]);
    }
}
