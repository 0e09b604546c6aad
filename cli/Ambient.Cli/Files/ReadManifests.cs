using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ambient.Compile.Reports;
using Ambient.Resources.Manifests;

namespace Ambient.Cli.Files;

/// <summary>What files hold: objects in order, what could not be read, and what is odd about the set as a whole.</summary>
internal sealed record ReadManifests(ImmutableArray<JsonObject> Objects, ImmutableArray<ManifestError> Errors, ImmutableArray<Finding> Findings);
