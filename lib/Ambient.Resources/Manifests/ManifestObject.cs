using System.Text.Json.Nodes;

namespace Ambient.Resources.Manifests;

/// <summary>One object of a manifest and where it stands: file as named by the caller, document and line counted from 1.</summary>
public sealed record ManifestObject(JsonObject Content, string File, int Document, int Line);
