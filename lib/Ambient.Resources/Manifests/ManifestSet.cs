using System.Collections.Immutable;

namespace Ambient.Resources.Manifests;

/// <summary>What was read, in order, and what could not be read. A file with one bad document still gives its good ones.</summary>
public sealed record ManifestSet(ImmutableArray<ManifestObject> Objects, ImmutableArray<ManifestError> Errors);
