using Ambient.Kube.Resources;
using Ambient.Lab.Objects;
using Ambient.Lab.Scheduling;

namespace Ambient.Lab.Tests.Scheduling;

public sealed class SchedulerTests
{
    private static readonly Node[] Nodes = [Node("node-1", ("disk", "fast")), Node("node-2", ("disk", "slow"))];

    [Fact]
    public void Choose_WithASelector_TakesAMatchingNodeOrNone()
    {
        Assert.Equal("node-2", Scheduler.Choose(Pod("p", null, selector: ("disk", "slow")), Nodes, []));
        Assert.Null(Scheduler.Choose(Pod("p", null, selector: ("disk", "none")), Nodes, []));
    }

    [Fact]
    public void Choose_PassesOverNodesThatAreNotReadyOrCordoned()
    {
        var away = Nodes[0] with { Status = new NodeStatus { Conditions = [new NodeCondition { Type = "Ready", Status = "False" }] } };
        var cordoned = Nodes[0] with { Spec = new NodeSpec { Unschedulable = true } };
        Assert.Equal("node-2", Scheduler.Choose(Pod("p", null), [away, Nodes[1]], []));
        Assert.Equal("node-2", Scheduler.Choose(Pod("p", null), [cordoned, Nodes[1]], []));
    }

    [Fact]
    public void Choose_SpreadsPodsOfOneOwnerBeforeItLevelsNodes()
    {
        LabPod[] placed = [Pod("a", "node-1", owner: "x"), Pod("b", "node-2", owner: "y"), Pod("c", "node-2", owner: "y")];
        Assert.Equal("node-2", Scheduler.Choose(Pod("p", null, owner: "x"), Nodes, placed));
        Assert.Equal("node-1", Scheduler.Choose(Pod("p", null, owner: "z"), Nodes, placed));
    }

    private static Node Node(string name, (string Key, string Value) label) => new()
    {
        Metadata = new ObjectMeta { Name = name, Labels = new Dictionary<string, string> { [label.Key] = label.Value } },
        Status = new NodeStatus { Conditions = [new NodeCondition { Type = "Ready", Status = "True" }] },
    };

    private static LabPod Pod(string name, string? node, string? owner = null, (string Key, string Value)? selector = null) => new()
    {
        Metadata = new ObjectMeta { Name = name, Namespace = "a", OwnerReferences = owner is null ? [] : [new OwnerReference { Uid = owner, Controller = true }] },
        Spec = new LabPodSpec
        {
            NodeName = node,
            NodeSelector = selector is { } s ? new Dictionary<string, string> { [s.Key] = s.Value } : new Dictionary<string, string>(),
        },
    };
}
