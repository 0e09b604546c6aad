namespace Ambient.Ztunnel.Tests.Netlab;

/// <summary>Tests that need the node's own netns to themselves.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class NodeAlone
{
    public const string Name = "node alone";
}
