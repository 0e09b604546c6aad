using System.Text.Json.Nodes;

namespace Ambient.Compile.Provisioning;

/// <summary>A ListenerSet as it is written, with the labels of its namespace (null: not known), by which a Gateway may choose whom it takes.</summary>
public sealed record ListenerSetManifest(JsonObject Manifest, IReadOnlyDictionary<string, string>? NamespaceLabels);
