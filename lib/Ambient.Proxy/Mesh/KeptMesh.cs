using Ambient.Core;

namespace Ambient.Proxy.Mesh;

/// <summary>What a state file held.</summary>
/// <param name="Update">To be applied first; enrolments alone when there was a problem.</param>
/// <param name="Problem">Why the rest cannot be used; null when all of it can.</param>
internal sealed record KeptMesh(MeshUpdate Update, string? Problem);
