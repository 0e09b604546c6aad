using System.Text.Json.Nodes;
using Ambient.Kube.Resources;

namespace Ambient.Lab.Objects;

/// <summary>A kind that makes pods from a template.</summary>
internal interface IWorkload : IKubeObject
{
    WorkloadSpec Spec { get; }

    JsonObject? Status { get; }
}
