package aws

import "github.com/dreamseed/platform/internal/sandbox/standin"

const ec2 = "arn:aws:ec2:{region}:" + account + ":"

func network() map[string]standin.Resource {
	return map[string]standin.Resource{
		"aws:ec2/vpc:Vpc": {
			Source:   page("vpc"),
			Inputs:   []string{"cidrBlock", "enableDnsSupport", "enableDnsHostnames", "tags.*"},
			Replaces: []string{"cidrBlock"},
			ID:       standin.Text("vpc-{serial}"),
			Outputs: map[string]standin.Value{
				"arn":                    standin.Text(ec2 + "vpc/{id}"),
				"defaultSecurityGroupId": standin.Text("sg-of-{id}"),
			},
		},
		"aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
			Source:   page("default_security_group"),
			Inputs:   []string{"vpcId"},
			Replaces: []string{"vpcId"},
			ID:       standin.Text("sg-of-{vpcId}"),
		},
		"aws:ec2/internetGateway:InternetGateway": {
			Source: page("internet_gateway"),
			Inputs: []string{"vpcId", "tags.*"},
			ID:     standin.Text("igw-{serial}"),
		},
		"aws:ec2/subnet:Subnet": {
			Source:   page("subnet"),
			Inputs:   []string{"vpcId", "availabilityZone", "cidrBlock", "tags.*"},
			Required: []string{"vpcId"},
			Replaces: []string{"vpcId", "availabilityZone", "cidrBlock"},
			ID:       standin.Text("subnet-{serial}"),
			Outputs:  map[string]standin.Value{"arn": standin.Text(ec2 + "subnet/{id}")},
		},
	}
}
