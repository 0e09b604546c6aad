namespace Ambient.Kube.Emulator.Types;

/// <summary>Where the scale subresource finds its numbers; dotted paths as in a CRD's <c>subresources.scale</c>.</summary>
internal sealed record ScalePaths(string SpecReplicas, string StatusReplicas, string? Selector);
