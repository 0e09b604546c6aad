namespace Ambient.Scenarios.Tests.Lifecycle;

/// <summary>Scenarios that take parts of the mesh away: after all others, and one at a time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
