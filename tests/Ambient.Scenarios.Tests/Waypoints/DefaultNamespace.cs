namespace Ambient.Scenarios.Tests.Waypoints;

/// <summary>Scenarios with manifests that are about the namespace default, of which there is one: one class after the other.</summary>
[CollectionDefinition(Name)]
public sealed class DefaultNamespace
{
    public const string Name = "the namespace default";
}
