using System.Text.Json.Nodes;
using Ambient.Compile.Sources;
using Ambient.Core.Workloads;
using Ambient.Operator.Watching;

namespace Ambient.Operator.Tests.Watching;

public sealed class PodRosterTests
{
    private readonly PodRoster _pods = new();

    [Fact]
    public void HasEnrolled_NeedsNodeAccountEnrolmentAndLife()
    {
        Put("a", "u1", "node-1", "Running");
        Assert.False(_pods.HasEnrolled("node-1", "shop", "orders"));
        Enrol("u1", true);
        Assert.True(_pods.HasEnrolled("node-1", "shop", "orders"));
        Assert.False(_pods.HasEnrolled("node-2", "shop", "orders"));
        Assert.False(_pods.HasEnrolled("node-1", "shop", "default"));
        Assert.False(_pods.HasEnrolled("", "shop", "orders"));
        Put("a", "u1", "node-1", "Succeeded");
        Assert.False(_pods.HasEnrolled("node-1", "shop", "orders"));
    }

    [Fact]
    public void HasEnrolled_SameNameOtherUid_StartsAnew()
    {
        Put("a", "u1", "node-1", "Running");
        Enrol("u1", true);
        Put("a", "u2", "node-1", "Running");
        Assert.False(_pods.HasEnrolled("node-1", "shop", "orders"));
        Assert.Null(_pods.Find("u1"));
    }

    [Fact]
    public void HasEnrolled_RemovedOrUnenrolled_IsFalse()
    {
        Put("a", "u1", "node-1", "Running");
        Put("b", "u2", "node-1", "Running");
        Enrol("u1", true);
        Enrol("u2", true);
        _pods.Remove(new ObjectKey("Pod", "shop", "a"));
        Assert.True(_pods.HasEnrolled("node-1", "shop", "orders"));
        Enrol("u2", false);
        Assert.False(_pods.HasEnrolled("node-1", "shop", "orders"));
    }

    private void Put(string name, string uid, string node, string phase) => _pods.Put(
        new ObjectKey("Pod", "shop", name),
        (JsonObject)JsonNode.Parse($$$"""
            {"metadata":{"name":"{{{name}}}","namespace":"shop","uid":"{{{uid}}}"},"spec":{"nodeName":"{{{node}}}","serviceAccountName":"orders"},"status":{"phase":"{{{phase}}}"}}
            """)!);

    private void Enrol(string uid, bool enrolled) => _pods.Enrol(
        [new PodEnrolment { PodUid = uid, Namespace = "shop", Name = "x", ServiceAccount = "orders", Enrolled = enrolled }], []);
}
