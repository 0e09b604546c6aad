namespace Ambient.Kube.Emulator.Tests.Kubectl;

/// <summary>Objects that several tests apply.</summary>
internal static class Manifests
{
    public const string Web = """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
          labels: {app: web}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              containers:
              - name: main
                image: nginx:1
                ports: [{containerPort: 80}]
                env: [{name: A, value: b}, {name: C, value: d}]
              - name: side
                image: busybox:1
        """;

    public const string Pod = """
        apiVersion: v1
        kind: Pod
        metadata: {name: one, labels: {app: one}}
        spec:
          nodeName: node-1
          containers: [{name: main, image: "busybox:1"}]
        """;

    public const string Config = """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: settings}
        data: {color: red, size: big}
        """;

    public static string Crd(string plural, string kind, string group = "tests.example.com") => $$$"""
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: {{{plural}}}.{{{group}}}}
        spec:
          group: {{{group}}}
          scope: Namespaced
          names: {plural: {{{plural}}}, kind: {{{kind}}}, categories: [toys]}
          versions:
          - name: v1
            served: true
            storage: true
            subresources:
              status: {}
              scale: {specReplicasPath: .spec.size, statusReplicasPath: .status.size}
            additionalPrinterColumns:
            - {name: Size, type: integer, jsonPath: .spec.size}
            - {name: Ready, type: string, jsonPath: '.status.conditions[?(@.type=="Ready")].status'}
            - {name: Color, type: string, jsonPath: .spec.color, priority: 1}
            schema:
              openAPIV3Schema:
                type: object
                required: [spec]
                properties:
                  spec:
                    type: object
                    description: What is wanted of it
                    required: [size]
                    properties:
                      size: {type: integer, minimum: 1, description: How big it is}
                      color: {type: string, enum: [red, blue], default: red}
                      port: {x-kubernetes-int-or-string: true}
                      name: {type: string, pattern: '^[a-z]+$', maxLength: 5}
                      rules:
                        type: array
                        x-kubernetes-list-type: map
                        x-kubernetes-list-map-keys: [name]
                        items:
                          type: object
                          required: [name]
                          properties: {name: {type: string}, weight: {type: integer, default: 1}}
                      choice:
                        type: object
                        properties: {a: {type: string}, b: {type: string}}
                        oneOf: [{required: [a]}, {required: [b]}]
                      free: {type: object, x-kubernetes-preserve-unknown-fields: true}
                    x-kubernetes-validations: [{rule: 'self.size < 100', message: too big}]
                  status:
                    type: object
                    x-kubernetes-preserve-unknown-fields: true
          - name: v1beta1
            served: true
            storage: false
            deprecated: true
            schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
        """;
}
